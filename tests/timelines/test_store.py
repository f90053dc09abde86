"""The cached timeline reaches without a gap from its newest entry down to its oldest, whatever arrives late."""

import secrets
from collections.abc import Awaitable, Callable

import pytest

from rookery.contracts.posts import TimelineEntry
from rookery.gateway.wiring import Services
from rookery.timelines.store import TimelineStore
from tests.people import Person

AUTHOR = 7
NEWEST = 2**63 - 1
MS = 1 << 16
START = 1_800_000_000_000 * MS


def entry(number: int) -> TimelineEntry:
    return TimelineEntry(START + number, AUTHOR, START + number)


def entries(*numbers: int) -> list[TimelineEntry]:
    return [entry(number) for number in numbers]


@pytest.fixture
def reader_id() -> int:
    return secrets.randbits(62)


@pytest.fixture
def store(services: Services) -> TimelineStore:
    return TimelineStore(services.resources.cache, size=3, active_s=60)


async def build(store: TimelineStore, reader_id: int, *numbers: int, complete: bool) -> None:
    token = await store.start_build(reader_id)
    assert await store.finish_build(reader_id, token, 1, entries(*numbers), complete=complete)


async def cached(store: TimelineStore, reader_id: int) -> list[TimelineEntry]:
    found = await store.read(reader_id, NEWEST, 100)
    assert found is not None
    return found.entries


@pytest.mark.parametrize("late", [5 * MS, 10 * MS - 1, 10 * MS + 4], ids=["earlier", "last ms", "same ms"])
async def test_what_is_older_than_a_timeline_reaches_stays_out(store: TimelineStore, reader_id: int, late: int) -> None:
    """Between it and the oldest one there may be others, which nobody would look for in the database."""
    lowest = 10 * MS + 5
    await build(store, reader_id, 20 * MS, lowest, complete=False)
    assert await store.push([(entry(late), [reader_id])]) == 0
    assert await cached(store, reader_id) == entries(20 * MS, lowest)


async def test_the_oldest_may_come_again(store: TimelineStore, reader_id: int) -> None:
    await build(store, reader_id, 20 * MS, 10 * MS, complete=False)
    await store.push([(entry(10 * MS), [reader_id])])
    assert await cached(store, reader_id) == entries(20 * MS, 10 * MS)


async def test_what_is_late_finds_its_place_within(store: TimelineStore, reader_id: int) -> None:
    await build(store, reader_id, 20 * MS, 10 * MS, complete=False)
    assert await store.push([(entry(15 * MS), [reader_id])]) == 1
    assert await cached(store, reader_id) == entries(20 * MS, 15 * MS, 10 * MS)


async def test_a_crowded_millisecond_is_not_taken_for_the_end(store: TimelineStore, reader_id: int) -> None:
    """More entries share the cursor's millisecond than a look below it makes room for."""
    await build(store, reader_id, *range(20 * MS + 9, 20 * MS, -1), 10 * MS, complete=True)
    found = await store.read(reader_id, START + 20 * MS + 2, 3)
    assert found is not None
    assert found.entries == entries(20 * MS + 1, 10 * MS) or not found.complete


async def test_below_the_last_page_nothing_is_left(store: TimelineStore, reader_id: int) -> None:
    await build(store, reader_id, 20 * MS, 10 * MS, complete=True)
    found = await store.read(reader_id, START + 20 * MS, 3)
    assert found is not None
    assert found.complete
    assert found.entries == entries(10 * MS)


async def test_posts_are_read_without_reposts(store: TimelineStore, reader_id: int) -> None:
    repost = TimelineEntry(START + 15 * MS, AUTHOR, START + 3 * MS)
    token = await store.start_build(reader_id)
    await store.finish_build(reader_id, token, 1, [entry(20 * MS), repost, entry(10 * MS)], complete=True)
    everything = await store.read_posts(reader_id, NEWEST, 10)
    assert everything is not None
    assert everything.holds_for(1)
    assert everything.posts == [(START + 20 * MS, AUTHOR), (START + 10 * MS, AUTHOR)]
    below = await store.read_posts(reader_id, START + 20 * MS, 10)
    assert below is not None
    assert below.posts == [(START + 10 * MS, AUTHOR)]


async def test_a_complete_timeline_takes_what_is_older(store: TimelineStore, reader_id: int) -> None:
    await build(store, reader_id, 20 * MS, complete=True)
    assert await store.push([(entry(5 * MS), [reader_id])]) == 1
    assert await cached(store, reader_id) == entries(20 * MS, 5 * MS)


async def test_a_trimmed_timeline_takes_nothing_that_is_older(store: TimelineStore, reader_id: int) -> None:
    await build(store, reader_id, complete=True)
    numbers = [number * MS for number in range(100, 160)]
    for number in numbers:
        await store.push([(entry(number), [reader_id])])
    kept = await cached(store, reader_id)
    assert 3 <= len(kept) < len(numbers)
    assert await store.push([(entry(50 * MS), [reader_id])]) == 0
    assert await cached(store, reader_id) == kept


async def test_a_build_drops_what_was_pushed_below_it(store: TimelineStore, reader_id: int) -> None:
    token = await store.start_build(reader_id)
    for late in (5 * MS, 15 * MS, 25 * MS):
        await store.push([(entry(late), [reader_id])])
    await store.finish_build(reader_id, token, 1, entries(20 * MS, 10 * MS), complete=False)
    assert await cached(store, reader_id) == entries(25 * MS, 20 * MS, 15 * MS, 10 * MS)


async def test_a_complete_build_keeps_it(store: TimelineStore, reader_id: int) -> None:
    token = await store.start_build(reader_id)
    await store.push([(entry(5 * MS), [reader_id])])
    await store.finish_build(reader_id, token, 1, entries(20 * MS), complete=True)
    assert await cached(store, reader_id) == entries(20 * MS, 5 * MS)


async def test_what_fan_out_brings_after_an_unfollow_is_not_shown(
    ana: Person, ben: Person, store: TimelineStore, settle: Callable[[], Awaitable[None]]
) -> None:
    """It had looked up the followers before."""
    await ben.follow(ana)
    await ben.unfollow(ana)
    post = await ana.post("Overtaken")
    await settle()
    assert await ben.home() == []
    late = TimelineEntry(int(post["id"]), int(ana.id), int(post["id"]))
    assert await store.push([(late, [int(ben.id)])]) == 1
    assert await ben.home() == []
