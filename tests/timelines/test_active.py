"""Fan-out leaves out who is not active, and never who is."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import msgspec
import numpy as np
import pytest

from rookery.contracts.posts import TimelineEntry
from rookery.contracts.users import Followers
from rookery.gateway.wiring import Services
from rookery.kit.cache import Cache
from rookery.kit.settings import Settings
from rookery.timelines.active import ActiveReaders, ReaderFilter
from rookery.timelines.store import TimelineStore
from tests.own_servers import own_valkey


def ids(numbers: Iterable[int]) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    return np.array(list(numbers), dtype=np.int64)


@asynccontextmanager
async def process(url: str) -> AsyncIterator[tuple[Cache, TimelineStore, ActiveReaders]]:
    cache = Cache(url)
    store = TimelineStore(cache, size=100, active_s=60)
    active = ActiveReaders(cache, store)
    await cache.open()
    try:
        yield cache, store, active
    finally:
        await cache.close()


async def test_who_was_there_before_is_found_and_who_comes_is_heard_of() -> None:
    everybody = ids(range(1, 3_001))
    async with own_valkey() as valkey, process(valkey.url) as (_, web, _), process(valkey.url) as (_, _, active):
        for reader_id in range(1, 1_501):
            await web.start_build(reader_id)
        await active.catch_up()
        before = set(active.among(everybody).tolist())
        assert before >= set(range(1, 1_501))
        assert len(before) < 1_600
        await web.start_build(2_999)
        await active.catch_up()
        assert active.among(ids([2_999])).tolist() == [2_999]


async def test_who_comes_during_the_scan_is_not_missed() -> None:
    async with own_valkey() as valkey, process(valkey.url) as (_, web, _), process(valkey.url) as (_, _, active):
        for reader_id in range(1, 5_001):
            await web.start_build(reader_id)
        scan = asyncio.create_task(active.catch_up())
        for reader_id in range(10_001, 10_501):
            await web.start_build(reader_id)
        await scan
        await active.catch_up()
        wanted = ids([*range(1, 5_001), *range(10_001, 10_501)])
        assert active.among(wanted).tolist() == wanted.tolist()


async def test_after_a_lost_connection_nothing_is_believed() -> None:
    async with own_valkey() as valkey, process(valkey.url) as (_, web, _), process(valkey.url) as (cache, _, active):
        await active.catch_up()
        assert active.among(ids([7])).tolist() == []
        broken = cache._protocol
        assert broken is not None
        assert broken.transport is not None
        broken.transport.abort()
        await web.start_build(7)
        async with asyncio.timeout(5):
            while cache._protocol is None or cache._protocol is broken:
                await asyncio.sleep(0.01)
        assert active.among(ids([7, 8])).tolist() == [7, 8]
        await active.catch_up()
        assert active.among(ids([7, 8])).tolist() == [7]


def test_a_filter_forgets_nobody_and_is_wrong_about_few() -> None:
    members = ids({secrets.randbits(62) for _ in range(20_000)})
    strangers = ids({secrets.randbits(62) for _ in range(100_000)} - set(members.tolist()))
    kept = ReaderFilter(members)
    assert kept.has(members).all()
    assert kept.has(strangers).mean() < 1 / 50
    assert not kept.is_worn
    kept.add(ids(range(20_001)))
    assert kept.is_worn


def test_a_filter_that_was_wrong_too_often_is_worn() -> None:
    kept = ReaderFilter(ids(range(100)))
    kept.in_vain += 10_000
    assert not kept.is_worn
    kept.in_vain += 1
    assert kept.is_worn


@pytest.mark.parametrize("count", [3, 4, 7], ids=["first", "first whole", "several batches"])
async def test_all_active_followers_are_reached(
    services: Services, settings: Settings, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    """Whatever batch they stand in."""
    monkeypatch.setattr("rookery.timelines.fanout.FIRST", 4)
    monkeypatch.setattr("rookery.timelines.fanout.BATCH", 2)
    readers = [secrets.randbits(62) for _ in range(count)]
    users = _Following(readers)
    async with own_valkey() as valkey:
        alone = type(services)(msgspec.structs.replace(settings, cache_url=valkey.url))
        alone.timelines.fan_out._users = users  # type: ignore[assignment]
        await alone.open()
        try:
            store = alone.timelines.fan_out._store
            for reader_id in readers[1:]:
                await store.finish_build(reader_id, await store.start_build(reader_id), 1, [], complete=True)
            first, second = (TimelineEntry(place << 16, 5, place << 16) for place in (7, 8))
            assert await alone.timelines.fan_out.push([first, second]) == 2 * (count - 1)
            for reader_id in readers[1:]:
                found = await store.read(reader_id, 2**63 - 1, 10)
                assert found is not None
                assert found.entries == [second, first]
        finally:
            await alone.close()


class _Following:
    """A users service in which accounts of these ids follow everybody, by follows of ids 1, 2, ..."""

    def __init__(self, reader_ids: list[int]) -> None:
        self._reader_ids = reader_ids

    async def authors(self, user_ids: list[int]) -> dict[int, object]:
        return dict.fromkeys(user_ids, _Pushed())

    async def first_followers(self, user_ids: list[int], limit: int) -> dict[int, Followers]:
        return {user_id: await self.followers_after(user_id, 0, limit) for user_id in user_ids}

    async def followers_after(self, user_id: int, after: int, limit: int) -> Followers:
        some = self._reader_ids[after : after + limit]
        return Followers(b"".join(each.to_bytes(8, "big") for each in some), after + len(some) if some else 0)


class _Pushed:
    pulled = False
