"""Where a page of the home timeline comes from: cached set, merged authors, or the database; always the same entries.

An author below the follower threshold is pushed into the sets of active readers. The posts of one above it (`pulled`)
are merged in at read, from a small per-process cache of that author's newest entries.
"""

import asyncio
import contextlib
from heapq import merge
from itertools import islice
from typing import NamedTuple

import structlog

from rookery.contracts.posts import TimelineEntry
from rookery.contracts.users import Reader, UsersApi
from rookery.kit.cache import CacheError
from rookery.kit.ids import MAX_ID
from rookery.kit.local_cache import LocalCache
from rookery.kit.resources import Resources
from rookery.timelines.repository import TimelineRepository
from rookery.timelines.store import CachedRange, TimelineStore
from rookery.timelines.tails import TAIL_ENTRIES, Tail, Tails, is_settled

# What a rebuild keeps: as many as a cached timeline holds, since PostgreSQL finds 800 for about a tenth more than 20;
# but ten pages are enough where more would take one more look.
REBUILD_ENTRIES = 800
REBUILD_ENOUGH = 200
POSTS_MERGED = 100  # fewer than a rebuild keeps, so that reading them takes no SQL
AUTHOR_ENTRIES = 200
AUTHORS_CACHED = 2_000

log = structlog.get_logger(__name__)


class Stretch(NamedTuple):
    """A piece of the home timeline of `reader`, newest first; `ended`: nothing older exists."""

    reader: Reader
    entries: list[TimelineEntry]
    ended: bool


class EntrySource:
    """Entries of home timelines by keyset, newest first, before any rule of visibility."""

    def __init__(self, resources: Resources, users: UsersApi) -> None:
        settings = resources.settings
        self._rebuilt = min(REBUILD_ENTRIES, settings.timeline_cache_size)
        self._tails = Tails()
        self._finishing: set[asyncio.Task[None]] = set()
        self._users = users
        self._repository = TimelineRepository(resources.database)
        self.store = TimelineStore(
            resources.cache, size=settings.timeline_cache_size, active_s=settings.timeline_active_s
        )
        self._author_entries: LocalCache[int, list[TimelineEntry]] = LocalCache(
            self._load_author_entries, size=AUTHORS_CACHED
        )
        resources.invalidations.attach("entries", self._author_entries)

    async def stretch(self, reader_id: int, before: int, limit: int) -> Stretch:
        """At most `limit` entries below `before`.

        One round trip to Valkey when the range is cached. While Valkey is away, the database answers. The reader is
        looked up after the round trip, which has brought every change of theirs (see `rookery.kit.local_cache`).
        """
        try:
            cached = await self.store.read(reader_id, before, limit)
            reader = await self._users.reader(reader_id)
            if cached is None or not cached.holds_for(reader.follows_version):
                return Stretch(reader, *await self._rebuild(reader, before, limit))
        except CacheError:
            reader = await self._users.reader(reader_id)
            return Stretch(reader, *await self._from_database(reader, before, limit))
        merged = await self._merge_pulled(reader, cached, before, limit)
        return Stretch(reader, *(merged or await self._from_database(reader, before, limit)))

    async def posts(self, reader_id: int, limit: int) -> tuple[Reader, list[tuple[int, int]]]:
        """(post id, author id) of the posts, reposts left out, among the `limit` newest entries that are cached.

        A timeline that is not there is built; newest first. Of pulled authors only what lies among the first
        POSTS_MERGED is in it. One round trip to Valkey where nobody who is followed is pulled.
        """
        with contextlib.suppress(CacheError):
            cached = await self.store.read_posts(reader_id, MAX_ID, limit)
            reader = await self._users.reader(reader_id)
            pulled = reader.following & await self._users.pulled_authors()
            if not pulled and cached is not None and cached.holds_for(reader.follows_version):
                return reader, cached.posts
        reader, entries, ended = await self.stretch(reader_id, MAX_ID, min(limit, POSTS_MERGED))
        posts = [(entry.id, entry.user_id) for entry in entries if entry.id == entry.post_id]
        if entries and not ended:
            with contextlib.suppress(CacheError):
                rest = await self.store.read_posts(reader_id, entries[-1].id, limit - len(entries))
                posts += rest.posts if rest is not None and rest.holds_for(reader.follows_version) else []
        return reader, posts

    async def _merge_pulled(
        self, reader: Reader, cached: CachedRange, before: int, limit: int
    ) -> tuple[list[TimelineEntry], bool] | None:
        """The cached range with the entries of pulled authors; None where a source does not reach far enough."""
        pulled = reader.following & await self._users.pulled_authors()
        ranges = [cached]
        for entries in (await self._author_entries.get_many(pulled)).values() if pulled else ():
            below = [entry for entry in entries if entry.id < before][:limit]
            ranges.append(CachedRange(below, complete=len(entries) < AUTHOR_ENTRIES))
        if any(len(each.entries) < limit and not each.complete for each in ranges):
            return None
        if len(ranges) == 1:
            return cached.entries, cached.complete and len(cached.entries) < limit
        newest = _distinct(islice(merge(*(each.entries for each in ranges), reverse=True), limit * 2))[:limit]
        return newest, len(newest) < limit

    async def _rebuild(self, reader: Reader, before: int, limit: int) -> tuple[list[TimelineEntry], bool]:
        """Answer from the database, and leave the newest ones in the cache."""
        token = await self.store.start_build(reader.id)
        entries, complete = await self._repository.home_entries(
            reader, MAX_ID, self._rebuilt, enough=min(REBUILD_ENOUGH, self._rebuilt)
        )
        finishing = asyncio.create_task(self._finish(reader, token, entries, complete))
        self._finishing.add(finishing)
        finishing.add_done_callback(self._finishing.discard)
        await asyncio.sleep(0)  # it is sent, so that it is done before whatever we ask next; the answer does not wait
        page = [entry for entry in entries if entry.id < before][:limit]
        if len(page) == limit or complete:
            return page, complete and len(page) < limit
        return await self._from_database(reader, before, limit)

    async def _finish(self, reader: Reader, token: int, entries: list[TimelineEntry], complete: bool) -> None:
        with contextlib.suppress(CacheError):  # built again, then
            await self.store.finish_build(reader.id, token, reader.follows_version, entries, complete=complete)

    async def _from_database(self, reader: Reader, before: int, limit: int) -> tuple[list[TimelineEntry], bool]:
        """What the cache does not have. Who scrolls far down gets several pages out of one look into the database."""
        if not is_settled(before):
            return await self._repository.home_entries(reader, before, limit)
        tail = self._tails.find(reader, before, limit)
        if tail is None:
            read = max(limit, TAIL_ENTRIES)
            entries, ended = await self._repository.home_entries(reader, before, read)
            tail = Tail(reader.follows_version, before, entries, ended=ended)
            self._tails.keep(reader, tail)
        below = tail.below(before)
        return below[:limit], tail.ended and len(below) < limit

    async def _load_author_entries(self, author_ids: list[int]) -> dict[int, list[TimelineEntry]]:
        return {author_id: await self._repository.author_entries(author_id, AUTHOR_ENTRIES) for author_id in author_ids}


def _distinct(entries: "islice[TimelineEntry]") -> list[TimelineEntry]:
    """Without repetitions: an author who became pulled still stands in sets that he was pushed into."""
    seen: set[int] = set()
    return [entry for entry in entries if not (entry.id in seen or seen.add(entry.id))]  # type: ignore[func-returns-value]
