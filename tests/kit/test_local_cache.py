"""The local cache's bounds."""

import pytest

from rookery.kit.local_cache import LocalCache
from rookery.kit.problems import Unavailable


async def load(keys: list[int]) -> dict[int, str]:
    return {key: "x" * key for key in keys}


def cache(size: int, max_weight: int) -> LocalCache[int, str]:
    made = LocalCache(load, size=size, weigh=len, max_weight=max_weight)
    made.enabled = True
    return made


async def test_size_drops_what_was_loaded_longest_ago() -> None:
    small = cache(2, 100)
    for key in (1, 2, 1, 3):
        await small.get(key)
    assert [small.peek(key) for key in (1, 2, 3)] == [None, "xx", "xxx"]


async def test_weight_drops_what_was_loaded_longest_ago() -> None:
    small = cache(100, 10)
    for key in (6, 3, 6, 4):
        await small.get(key)
    assert [small.peek(key) for key in (6, 3, 4)] == [None, "xxx", "xxxx"]


async def test_what_is_too_heavy_is_loaded_and_not_kept() -> None:
    small = cache(100, 10)
    await small.get(4)
    assert await small.get(11) == "x" * 11
    assert small.peek(11) is None
    assert small.peek(4) == "xxxx"


async def test_weight_is_given_back() -> None:
    small = cache(100, 10)
    await small.get_many([4, 6])
    small.invalidate(6)
    small.invalidate(6)
    await small.get(5)
    assert (small.peek(4), small.peek(5)) == ("xxxx", "xxxxx")
    small.clear()
    await small.get(10)
    assert small.peek(10) == "x" * 10


async def test_a_key_asked_for_twice_at_once_is_loaded_once() -> None:
    asked: list[list[int]] = []

    async def recording(keys: list[int]) -> dict[int, str]:
        asked.append(keys)
        return await load(keys)

    made = LocalCache(recording, size=10)
    made.enabled = True
    assert await made.get_many([2, 3, 2]) == {2: "xx", 3: "xxx"}
    assert asked == [[2, 3]]


async def test_what_grew_old_outlives_who_loads_it_unless_it_was_invalidated() -> None:
    gone = False

    async def loading(keys: list[int]) -> dict[int, str]:
        if gone:
            raise Unavailable("away")
        return await load(keys)

    made = LocalCache(loading, size=10, max_age_s=0.0, outlives_s=60.0)
    brief = LocalCache(loading, size=10, max_age_s=0.0)
    made.enabled = brief.enabled = True
    await made.get_many([1, 2])
    await brief.get(1)
    gone = True
    assert await made.get_many([1, 2]) == {1: "x", 2: "xx"}
    with pytest.raises(Unavailable):
        await made.get_many([1, 3])
    with pytest.raises(Unavailable):
        await brief.get(1)
    made.invalidate(1)
    with pytest.raises(Unavailable):
        await made.get(1)
    assert await made.get(2) == "xx"
    made.clear()
    with pytest.raises(Unavailable):
        await made.get(2)
