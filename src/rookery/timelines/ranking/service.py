"""Pages of the ranked timeline: rank anew or go on with a ranking, apply the rules, tell the reasons."""

import contextlib
from typing import Any, Final

import msgspec

from rookery.contracts.posts import PostsApi, TimelineEntry
from rookery.contracts.users import Reader, UsersApi
from rookery.kit.cache import CacheError
from rookery.kit.ids import MAX_ID, first_id_at, format_id_time, id_ms, wall_clock_ms
from rookery.kit.paging import before_id, encode_cursor
from rookery.kit.resources import Resources
from rookery.timelines.ranking.candidates import CandidateSource
from rookery.timelines.ranking.decay import DAY_MS
from rookery.timelines.ranking.facts import FactTable
from rookery.timelines.ranking.popular import Popular
from rookery.timelines.ranking.ranker import Ranker
from rookery.timelines.ranking.reasons import Reasons
from rookery.timelines.ranking.repository import RankingRepository
from rookery.timelines.ranking.snapshots import KEPT, Records, Snapshots
from rookery.timelines.ranking.tastes import Tastes
from rookery.timelines.ranking.tuning import Tuning
from rookery.timelines.sources import EntrySource

SPARE: Final = 5  # hydrated beyond the page, since some places may be hidden from the reader
ROUNDS_MAX: Final = 8
OFFSET_BITS: Final = 16  # of a cursor, below the Unix milliseconds of the ranking
CONTINUED_MS: Final = DAY_MS  # an older ranking goes on as of a day ago


class ForYou:
    """The ranked timeline. Reads `users` for who the reader is and `posts` for what a place looks like."""

    def __init__(self, resources: Resources, users: UsersApi, posts: PostsApi, entries: EntrySource) -> None:
        self.repository = RankingRepository(resources.database)
        self._users = users
        self._posts = posts
        self._tastes = Tastes(resources, self.repository)
        self._candidates = CandidateSource(resources, entries, self._tastes, users)
        self._facts = FactTable(self.repository.facts)
        resources.invalidations.listen("post", self._facts.invalidate)
        resources.cache.on_connection(self._facts.on_connection)
        self._ranker = Ranker(self._facts)
        self._snapshots = Snapshots(resources.cache)
        self._reasons = Reasons(users, self._facts)
        self.tuning = Tuning(self._tastes, users, posts)
        self.popular = Popular(self.repository, users, posts)

    def forget(self) -> None:
        """Look at vouches, trends and facts anew, which may be a minute old."""
        self._candidates.forget()
        self._facts.forget()
        self.popular.forget()

    async def page(self, reader_id: int, cursor: str | None, limit: int) -> bytes:
        """The JSON of a RankedPage. Without a cursor, ranked anew; raises Invalid for what is no cursor.

        A cursor is the time of its ranking and an offset into it. Where that ranking is not kept any more, it is made
        again for that time, without what was written since: with no change in between, it comes out the same.
        """
        if cursor is None:
            at_ms, offset = wall_clock_ms(), 0
            records = await self._rank(reader_id, at_ms, 0, MAX_ID)
        else:
            at_ms, offset = split_cursor(cursor)
            records = await self._continued(reader_id, at_ms, offset)
        items, used, ended = await self._shown(reader_id, records, limit)
        if ended and len(records) >= KEPT:
            ended = False  # the kept places end here, not the ranking
        following = None if ended or offset + used >= 1 << OFFSET_BITS else first_id_at(at_ms) + offset + used
        return render_page(items, following, at_ms)

    async def _continued(self, reader_id: int, at_ms: int, offset: int) -> Records:
        try:
            records = await self._snapshots.read(reader_id, at_ms, offset)
        except CacheError:
            records = None
        if records is not None:
            return records
        return await self._rank(reader_id, at_ms, offset, first_id_at(at_ms + 1))

    async def _rank(self, reader_id: int, at_ms: int, offset: int, before: int) -> Records:
        """The places from `offset` on, at most KEPT, of the ranking at a time; kept for the pages to come."""
        pool = await self._candidates.pool(reader_id, before)
        records = await self._ranker.rank(pool, at_ms, offset=offset, limit=KEPT)
        if len(records):
            with contextlib.suppress(CacheError):  # ranked again, then
                await self._snapshots.write(reader_id, at_ms, offset, records)
        return records

    async def _shown(self, reader_id: int, records: Records, limit: int) -> tuple[list[bytes], int, bool]:
        """The items of a page, how many places they used up, and whether no place is left."""
        reader = await self._users.reader(reader_id)
        less = (await self._tastes.of(reader_id)).less
        items: list[bytes] = []
        used = 0
        for _ in range(ROUNDS_MAX):
            some = records[used : used + limit - len(items) + SPARE]
            post_ids = some["post_id"].tolist()
            bodies = await self._hydrated(reader, some[[post_id not in less for post_id in post_ids]])
            for post_id in post_ids:
                used += 1
                if (body := bodies.get(post_id)) is not None:
                    items.append(body)
                    if len(items) == limit:
                        return items, used, used >= len(records)
            if used >= len(records):
                break
        return items, used, used >= len(records)

    async def _hydrated(self, reader: Reader, records: Records) -> dict[int, bytes]:
        """By post id, the JSON of a RankedItem of what the reader may and will see."""
        post_ids = records["post_id"].tolist()
        entries = [
            TimelineEntry(post_id, author_id, post_id)
            for post_id, author_id in zip(post_ids, records["author_id"].tolist(), strict=True)
        ]
        shown = {entry.post_id: body for entry, body in await self._posts.items_json(reader, entries)}
        whys = await self._reasons.of(reader, records[[post_id in shown for post_id in post_ids]])
        return {post_id: ranked_item(shown[post_id], why) for post_id, why in whys.items()}


def ranked_item(item: bytes, why: bytes) -> bytes:
    """The JSON of a TimelineItem with its reasons."""
    return item[:-1] + b',"why":' + why + b"}"


def split_cursor(cursor: str) -> tuple[int, int]:
    """When the ranking was made (Unix ms, in the last day) and the offset; raises Invalid for what is no cursor."""
    value = before_id(cursor)
    now_ms = wall_clock_ms()
    return max(min(id_ms(value), now_ms), now_ms - CONTINUED_MS), value & (1 << OFFSET_BITS) - 1


def render_page(items: list[bytes], following: int | None, at_ms: int) -> bytes:
    cursor: Any = None if following is None else encode_cursor(following)
    tail = msgspec.json.encode({"next_cursor": cursor, "fresh_at": format_id_time(first_id_at(at_ms))})
    return b'{"data":[' + b",".join(items) + b"]," + tail[1:]
