"""What the beginning of a search may become: accounts, hashtags and operators in one answer."""

import asyncio
from typing import Any, Final

from rookery.contracts.users import Reader, UsersApi
from rookery.search.account_search import AccountSearch, read_name
from rookery.search.hashtag_search import HashtagSearch
from rookery.search.operators import OPERATORS
from rookery.search.schemas import SuggestedOperator, SuggestedUser, Typeahead

USERS_SHOWN: Final = 6
HASHTAGS_SHOWN: Final = 6


class TypeaheadSearch:
    def __init__(self, users: UsersApi, accounts: AccountSearch, hashtags: HashtagSearch) -> None:
        self._users = users
        self._accounts = accounts
        self._hashtags = hashtags

    async def suggest(self, reader_id: int, text: str) -> Typeahead:
        """`@` asks for accounts only, `#` for hashtags only; else the last word decides which operators may follow."""
        text = text.strip()
        reader = await self._users.reader(reader_id)
        wants_users, wants_hashtags = not text.startswith(("#", "＃")), not text.startswith(("@", "＠"))
        users, hashtags = await asyncio.gather(
            self._suggest_users(reader, text) if wants_users else _nothing(),
            self._hashtags.suggestions(reader, text, HASHTAGS_SHOWN) if wants_hashtags else _nothing(),
        )
        return Typeahead(users=users, hashtags=hashtags, operators=operators_for(text))

    async def _suggest_users(self, reader: Reader, text: str) -> list[SuggestedUser]:
        if not any(character.isalnum() for character in text):
            return []
        ids = await self._accounts.ids(reader, read_name(text), USERS_SHOWN)
        authors = await self._users.authors(ids)
        return [
            SuggestedUser(
                id=brief.id,
                username=brief.username,
                display_name=brief.display_name,
                avatar_url=brief.avatar_url,
                protected=brief.protected,
                following=user_id in reader.following,
            )
            for user_id in ids
            if user_id in authors and (brief := authors[user_id].brief)
        ]


async def _nothing() -> list[Any]:
    return []


def operators_for(text: str) -> list[SuggestedOperator]:
    """Those whose name begins with the last word."""
    words = text.split()
    start = words[-1].lower().lstrip("-(") if words else ""
    return [
        SuggestedOperator(
            name=f"{operator.kind}:", expected=operator.expected, example=operator.example, help=operator.help
        )
        for operator in OPERATORS.values()
        if start and f"{operator.kind}:".startswith(start)
    ]
