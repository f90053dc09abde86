"""The Valkey client: replies in order, errors by kind, publications before later replies, outages."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from rookery.embedded.valkey import Valkey
from rookery.kit.cache import Cache, CacheReplyError, CacheUnavailable, Script


@pytest.fixture
async def cache(valkey_url: str) -> AsyncIterator[Cache]:
    cache = Cache(valkey_url)
    await cache.open()
    yield cache
    await cache.close()


@pytest.fixture
async def own_server() -> AsyncIterator[Valkey]:
    """A server that a test may stop and start."""
    folder = Path(tempfile.mkdtemp(prefix="rookery-"))
    folder.chmod(0o755)
    server = Valkey(folder)
    yield server
    await server.stop()
    shutil.rmtree(folder)


async def test_many_coroutines_get_their_own_replies(cache: Cache) -> None:
    replies = await asyncio.gather(*(cache.execute("ECHO", f"number {number}") for number in range(500)))
    assert replies == [f"number {number}".encode() for number in range(500)]


async def test_a_cancelled_command_does_not_shift_the_others(cache: Cache) -> None:
    lost = asyncio.ensure_future(cache.execute("ECHO", "lost"))
    await asyncio.sleep(0)
    lost.cancel()
    assert await cache.execute("ECHO", "kept") == b"kept"


async def test_a_refused_command_raises_and_the_connection_lives(cache: Cache) -> None:
    with pytest.raises(CacheReplyError, match="unknown command"):
        await cache.execute("NOSUCHCOMMAND")
    assert await cache.execute("PING") == b"PONG"


async def test_a_pipeline_returns_refusals_in_their_places(cache: Cache) -> None:
    first, second, third = await cache.pipeline([("ECHO", "a"), ("NOSUCHCOMMAND",), ("ECHO", "b")])
    assert (first, third) == (b"a", b"b")
    assert isinstance(second, CacheReplyError)


async def test_a_script_is_sent_once_and_then_by_its_digest(cache: Cache) -> None:
    script = Script("return {KEYS[1], ARGV[1]}")
    await cache.execute("SCRIPT", "FLUSH")
    assert await cache.run(script, ["key"], ["argument"]) == [b"key", b"argument"]
    calls = (await cache.execute("INFO", "commandstats")).count(b"cmdstat_evalsha")
    assert calls == 1
    assert await cache.run(script, ["key"], ["again"]) == [b"key", b"again"]


async def test_a_publication_is_heard_before_the_reply_of_a_later_command(valkey_url: str, cache: Cache) -> None:
    """What `rookery.kit.local_cache` stands on: publish, then ask on the other connection, and it has been heard."""
    heard: list[bytes] = []
    listener = Cache(valkey_url)
    listener.subscribe("news", heard.append)
    await listener.open()
    try:
        for number in range(300):
            await cache.execute("PUBLISH", "news", str(number))
            await listener.execute("PING")
            assert heard[-1] == str(number).encode()
    finally:
        await listener.close()


async def test_a_failing_listener_harms_nobody(valkey_url: str, cache: Cache) -> None:
    def fail(_: bytes) -> None:
        raise RuntimeError("of the listener's own making")

    listener = Cache(valkey_url)
    listener.subscribe("failing", fail)
    await listener.open()
    try:
        await cache.execute("PUBLISH", "failing", "x")
        assert await listener.execute("PING") == b"PONG"
    finally:
        await listener.close()


async def test_an_outage_is_said_at_once_and_ends_by_itself(own_server: Valkey) -> None:
    cache = Cache(await own_server.start())
    changes: list[bool] = []
    cache.on_connection(changes.append)
    await cache.open()
    try:
        assert await cache.execute("PING") == b"PONG"
        await own_server.stop()
        async with asyncio.timeout(10):
            while cache.connected:
                await asyncio.sleep(0.01)
        with pytest.raises(CacheUnavailable):
            await cache.execute("PING")
        await own_server.start()
        async with asyncio.timeout(10):
            while not cache.connected:
                await asyncio.sleep(0.01)
        assert await cache.execute("PING") == b"PONG"
        assert changes == [True, False, True]
    finally:
        await cache.close()


async def test_a_server_that_is_not_there_does_not_keep_us_from_starting() -> None:
    cache = Cache("unix:///nonexistent/valkey.sock")
    await cache.open(timeout_s=0.05)
    with pytest.raises(CacheUnavailable):
        await cache.execute("PING")
    await cache.close()
