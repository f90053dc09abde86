"""The connection to Valkey as it breaks."""

import asyncio
from typing import Any

import pytest
import uvloop

from rookery.kit.cache import Cache, CacheUnavailable
from tests.own_servers import own_valkey


def test_a_command_on_a_closing_connection_is_refused() -> None:
    """On uvloop, as our processes run: a write there would raise where nobody listens."""
    unheard: list[dict[str, Any]] = []

    async def send_while_closing() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: unheard.append(context))
        async with own_valkey() as valkey:
            cache = Cache(valkey.url)
            await cache.open()
            assert cache._protocol is not None and cache._protocol.transport is not None
            cache._protocol.transport.abort()
            with pytest.raises(CacheUnavailable):
                await cache.execute("PING")
            await cache.close()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(send_while_closing())
    assert unheard == []
