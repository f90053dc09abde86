"""Cached timelines for the benchmarks: built by the store, copied in bulk, forgotten. Only here the key is known."""

from collections.abc import Sequence

from rookery.contracts.posts import TimelineEntry
from rookery.kit.cache import Cache
from rookery.kit.ids import first_id_at, wall_clock_ms
from rookery.timelines.store import TimelineStore

PIPELINE = 1_000
ACTIVE_S = 3600
MARKS_END = -(1 << 50)  # the score of every entry is higher
REPOST_SHARE = 6  # one in so many entries is a repost, as in the seeded network


def key(reader_id: int) -> str:
    return f"home:{{{reader_id}}}"


async def build(cache: Cache, reader_ids: Sequence[int], entries: int) -> None:
    """Timelines of so many entries as the service stores them, each with its own."""
    store = TimelineStore(cache, size=800, active_s=ACTIVE_S)
    newest_ms = wall_clock_ms() - 60_000
    for reader_id in reader_ids:
        token = await store.start_build(reader_id)
        found = [_entry(newest_ms - 97 * place, place, reader_id) for place in range(entries)]
        await store.finish_build(reader_id, token, 1, found, complete=False)


def _entry(at_ms: int, place: int, reader_id: int) -> TimelineEntry:
    entry_id = first_id_at(at_ms) + reader_id % 60_000
    post_id = entry_id - (1 << 30) if place % REPOST_SHARE == 0 else entry_id
    return TimelineEntry(entry_id, reader_id - place - 1, post_id)


async def copy(cache: Cache, source_id: int, reader_ids: Sequence[int]) -> None:
    """The timeline of `source_id` for each of `reader_ids`: quicker than building them."""
    dump = await cache.execute("DUMP", key(source_id))
    for start in range(0, len(reader_ids), PIPELINE):
        some = reader_ids[start : start + PIPELINE]
        commands = [("RESTORE", key(each), ACTIVE_S * 1000, dump, "REPLACE") for each in some]
        for reply in await cache.pipeline(commands):
            if isinstance(reply, Exception):
                raise reply


async def forget(cache: Cache, reader_ids: Sequence[int]) -> None:
    await cache.execute("UNLINK", *map(key, reader_ids))


async def newest_ms(cache: Cache, reader_ids: Sequence[int]) -> list[int]:
    """The time of the newest entry of each."""
    first = (MARKS_END, "+inf", "WITHSCORES", "LIMIT", 0, 1)
    replies = await cache.pipeline([("ZRANGEBYSCORE", key(each), *first) for each in reader_ids])
    return [-int(reply[0][1]) for reply in replies]
