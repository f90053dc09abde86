"""Many wake-ups become few notifications, and none is lost to a broken connection."""

import asyncio
import time
from collections.abc import AsyncIterator

import asyncpg
import pytest

from rookery.kit.bus import Waker
from rookery.kit.bus.session import CHANNEL
from rookery.kit.bus.waker import INTERVAL_S
from rookery.kit.database import Connection
from tests.kit.bus.harness import eventually


@pytest.fixture
async def heard(bus_dsn: str) -> AsyncIterator[list[int]]:
    """The process ids of those who notified."""
    listener = await asyncpg.connect(bus_dsn)
    found: list[int] = []
    await listener.add_listener(CHANNEL, lambda _connection, pid, *_: found.append(pid))
    yield found
    await listener.close()


async def test_wake_ups_are_coalesced(waker: Waker, heard: list[int]) -> None:
    started = time.monotonic()
    for _ in range(2000):
        waker.wake()
        if _ % 20 == 0:
            await asyncio.sleep(0.001)
    await eventually(lambda: bool(heard))
    at_most = (time.monotonic() - started) / INTERVAL_S + 2
    assert len(heard) <= at_most
    assert len(heard) < 2000


async def test_the_last_wake_up_is_always_followed_by_a_notification(waker: Waker, heard: list[int]) -> None:
    for round_number in range(20):
        before = len(heard)
        waker.wake()
        await eventually(lambda before=before: len(heard) > before)
        assert len(heard) > round_number


async def test_a_broken_connection_is_replaced(waker: Waker, heard: list[int], connection: Connection) -> None:
    waker.wake()
    await eventually(lambda: bool(heard))
    await connection.execute("SELECT pg_terminate_backend($1, 10000)", heard[0])
    waker.wake()
    await eventually(lambda: len(set(heard)) == 2)


async def test_it_starts_and_stops_without_a_server() -> None:
    waker = Waker("postgresql://nobody@127.0.0.1:1/nothing")
    await waker.start()
    waker.wake()
    await asyncio.sleep(0)
    await waker.close()
