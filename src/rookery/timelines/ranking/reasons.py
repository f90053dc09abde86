"""What a reader is told of why an item stands there: `Why`, out of a place of the ranking."""

from collections.abc import Sequence
from typing import Any

import msgspec

from rookery.access import will_see_content
from rookery.contracts.users import Author, Reader, UsersApi
from rookery.timelines.ranking.candidates import SOURCES, TRENDING
from rookery.timelines.ranking.facts import FactTable
from rookery.timelines.ranking.schemas import Signal, Why
from rookery.timelines.ranking.weights import SIGNALS

_encode = msgspec.json.Encoder().encode


class Reasons:
    def __init__(self, users: UsersApi, facts: FactTable) -> None:
        self._users = users
        self._facts = facts

    async def of(self, reader: Reader, records: Sequence[Any]) -> dict[int, bytes]:
        """The JSON of a Why by post id, for at most 200 records. Names only people whom the reader sees."""
        vouchers = {user_id for record in records for user_id in record["via"].tolist() if user_id}
        authors = await self._users.authors(list(vouchers)) if vouchers else {}
        return {int(record["post_id"]): _encode(self._why(reader, record, authors)) for record in records}

    def _why(self, reader: Reader, record: Any, authors: dict[int, Author]) -> Why:
        via = [authors[user_id] for user_id in record["via"].tolist() if user_id in authors]
        signals = zip(record["signals"].tolist(), record["shares"].tolist(), strict=True)
        return Why(
            source=SOURCES[record["source"]],
            via=[author.brief for author in via if will_see_content(reader, author)],
            via_count=int(record["via_count"]),
            hashtag=self._hashtag(record),
            score=round(float(record["score"]), 4),
            signals=[Signal(SIGNALS[signal], share / 100) for signal, share in signals if share],
        )

    def _hashtag(self, record: Any) -> str | None:
        """The one that brought a trending post, as long as the process remembers the post."""
        if record["source"] != TRENDING or record["hashtag"] < 0:
            return None
        hashtags = self._facts.hashtags(int(record["post_id"]))
        return hashtags[record["hashtag"]] if record["hashtag"] < len(hashtags) else None
