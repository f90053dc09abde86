"""Searching accounts by name and bio."""

from typing import Final

from msgspec import Struct

from rookery.contracts.users import Reader, User, UsersApi
from rookery.kit.paging import Page, encode_cursor
from rookery.kit.problems import invalid_field
from rookery.search.analysis import fold, forms, tokens
from rookery.search.repository import SearchRepository
from rookery.search.terms import quote

ACCOUNTS_MAX: Final = 500  # of one search, over all pages
CANDIDATES: Final = 200  # of each way to find some
START_LENGTH: Final = 2  # up to which trigrams know too little


class Name(Struct, frozen=True):
    """What is looked for, folded: `name` as one text, `pattern` as the beginning of a word, `words` in names and bio.

    Trigrams know ASCII only where the database's locale is C, as the embedded one's: other texts have no pattern.
    """

    name: str
    pattern: str
    words: str


class AccountSearch:
    def __init__(self, repository: SearchRepository, users: UsersApi) -> None:
        self._repository = repository
        self._users = users

    async def page(self, reader_id: int, text: str, skipped: int, limit: int) -> Page[User]:
        """The account of that username first, then followed ones, then by likeness and followers."""
        name = read_name(text)
        if skipped >= ACCOUNTS_MAX:
            return Page([])
        reader = await self._users.reader(reader_id)
        ids = await self.ids(reader, name, min(skipped + limit + 1, ACCOUNTS_MAX))
        shown = await self._users.users(reader_id, ids[skipped : skipped + limit])
        return Page(shown, encode_cursor(skipped + limit) if len(ids) > skipped + limit else None)

    async def ids(self, reader: Reader, name: Name, limit: int) -> list[int]:
        """Best first. One query."""
        if len(name.name) <= START_LENGTH and name.name.isascii():
            return await self._repository.authors_by_start(reader, name.name, limit)
        return await self._repository.authors_by_name(
            reader, name.name, pattern=name.pattern, words=name.words, candidates=CANDIDATES, limit=limit
        )


def read_name(text: str) -> Name:
    """Raises Invalid where nothing is left to be looked for."""
    words = " ".join(fold(text.strip().lstrip("@＠")).split())
    if not words or not any(character.isalnum() for character in words):
        raise invalid_field("q", "blank", "needs a letter or a digit")
    literal = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return Name(words, f"% {literal}%" if words.isascii() else "", _query(text))


def _query(text: str) -> str:
    """All words of the text; of the last one, the beginning."""
    found = tokens(text)
    parts = [token for token in found if not token.single] or found
    steps = [f"({' | '.join(map(quote, forms(token.text, None)))})" for token in parts[:-1]]
    return " & ".join([*steps, *(f"{quote(token.exact)}:*" for token in parts[-1:])])
