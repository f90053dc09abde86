"""What a reader is told of why an item stands there: `Why`, out of a place of the ranking."""

import msgspec

from rookery.access import will_see_content
from rookery.contracts.users import Author, Reader, UsersApi
from rookery.timelines.ranking.candidates import SOURCES, TRENDING
from rookery.timelines.ranking.facts import FactTable
from rookery.timelines.ranking.schemas import Signal, Why
from rookery.timelines.ranking.snapshots import Place, Records
from rookery.timelines.ranking.weights import SIGNALS

_encode = msgspec.json.Encoder().encode


class Reasons:
    def __init__(self, users: UsersApi, facts: FactTable) -> None:
        self._users = users
        self._facts = facts

    async def of(self, reader: Reader, records: Records) -> dict[int, bytes]:
        """The JSON of a Why by post id, for at most 200 records. Names only people whom the reader sees."""
        columns = [records[name].tolist() for name in Place._fields]  # reading numpy's records one by one is slow
        places = [Place(*place) for place in zip(*columns, strict=True)]
        vouchers = {user_id for place in places for user_id in place.via if user_id}
        authors = await self._users.authors(list(vouchers)) if vouchers else {}
        return {place.post_id: _encode(self._why(reader, place, authors)) for place in places}

    def _why(self, reader: Reader, place: Place, authors: dict[int, Author]) -> Why:
        via = [authors[user_id] for user_id in place.via if user_id in authors]
        signals = zip(place.signals, place.shares, strict=True)
        return Why(
            source=SOURCES[place.source],
            via=[author.brief for author in via if will_see_content(reader, author)],
            via_count=place.via_count,
            hashtag=self._hashtag(place),
            score=round(place.score, 4),
            signals=[Signal(SIGNALS[signal], share / 100) for signal, share in signals if share],
        )

    def _hashtag(self, place: Place) -> str | None:
        """The one that brought a trending post, as long as the process remembers the post."""
        if place.source != TRENDING or place.hashtag < 0:
            return None
        hashtags = self._facts.hashtags(place.post_id)
        return hashtags[place.hashtag] if place.hashtag < len(hashtags) else None
