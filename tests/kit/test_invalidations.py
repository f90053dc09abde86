"""Invalidations while Valkey is away."""

import pytest

from rookery.kit import local_cache
from rookery.kit.cache import Cache
from rookery.kit.local_cache import Invalidations, LocalCache
from tests.own_servers import own_valkey


async def load(keys: list[int]) -> dict[int, str]:
    return dict.fromkeys(keys, "x")


async def test_what_could_not_be_published_is_published_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """One process has its connection back before the other, and keeps what it loads in between: only for so long.

    What is remembered is bounded, the newest being kept.
    """
    monkeypatch.setattr(local_cache, "UNPUBLISHED_MAX", 2)
    async with own_valkey() as valkey:
        late, early = Cache(valkey.url), Cache(valkey.url)
        publishing = Invalidations(late)
        kept: LocalCache[int, str] = LocalCache(load, size=10)
        Invalidations(early).attach("post", kept)
        await early.open()
        await kept.get_many([1, 2, 3])
        for key in (1, 2, 3):
            assert not await publishing.publish(f"post:{key}")
        assert [kept.peek(key) for key in (1, 2, 3)] == ["x", "x", "x"]
        await late.open()
        for cache in (late, early):
            await cache.execute("PING")  # its answer follows the publication
        assert [kept.peek(key) for key in (1, 2, 3)] == ["x", None, None]
        await late.close()
        await early.close()
