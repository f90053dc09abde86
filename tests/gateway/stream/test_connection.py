"""The clock and the queue of one connection, with the network played by the test."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest

from rookery.gateway.stream.connection import Connection
from rookery.gateway.stream.limits import StreamLimits
from rookery.gateway.stream.protocol import PING, Close
from rookery.kit.identity import Claims

CLAIMS = Claims(1, 2, 2**40)
FAST = StreamLimits(auth_s=0.02, heartbeat_s=0.02, send_s=0.02)
PATIENCE_S = 20.0


class Wire:
    """What was sent. `blocked` is a client that takes nothing any more; `answers` one that answers pings."""

    def __init__(self, *, answers: bool = False) -> None:
        self.texts: list[str] = []
        self.code: int | None = None
        self.open = asyncio.Event()
        self.open.set()
        self.answers = answers
        self.connection: Connection | None = None

    async def send(self, message: MutableMapping[str, Any]) -> None:
        await self.open.wait()
        if message["type"] == "websocket.close":
            self.code = message["code"]
            return
        self.texts.append(message["text"])
        if self.answers and message["text"] == PING and self.connection is not None:
            self.connection.heard()


async def handler(wire: Wire, limits: StreamLimits, script: Any) -> None:
    """As the gateway's: waits for messages for ever, until the connection is closed."""
    wire.connection = Connection(wire.send, limits, "192.0.2.1")
    try:
        await script(wire.connection)
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        assert wire.connection.closing
    await wire.connection.say_goodbye()


async def run(wire: Wire, limits: StreamLimits, script: Any) -> int | None:
    task = asyncio.create_task(handler(wire, limits, script))
    await asyncio.wait_for(asyncio.shield(task), PATIENCE_S)
    return wire.code


async def sign_in(connection: Connection) -> None:
    connection.authenticated(CLAIMS, "token", 1e6)


async def test_who_shows_no_token_in_time_is_sent_away() -> None:
    async def nothing(_: Connection) -> None:
        return

    assert await run(Wire(), FAST, nothing) == 4401


async def test_a_peer_that_answers_no_heartbeat_is_dropped_after_two() -> None:
    wire = Wire()
    assert await run(wire, FAST, sign_in) == 4408
    assert wire.texts.count(PING) == 2


async def test_a_peer_that_answers_stays() -> None:
    wire = Wire(answers=True)
    task = asyncio.create_task(handler(wire, FAST, sign_in))
    async with asyncio.timeout(PATIENCE_S):
        while wire.texts.count(PING) < 10:
            await asyncio.sleep(0.01)
    assert not task.done()
    wire.answers = False
    await asyncio.wait_for(task, PATIENCE_S)
    assert wire.code == 4408


async def test_an_expired_token_ends_it() -> None:
    async def brief(connection: Connection) -> None:
        connection.authenticated(CLAIMS, "token", 0.02)

    assert await run(Wire(), StreamLimits(), brief) == 4401


@pytest.mark.parametrize(("limits", "size"), [(StreamLimits(queue_messages=5), 1), (StreamLimits(queue_bytes=50), 10)])
async def test_a_full_queue_ends_it(limits: StreamLimits, size: int) -> None:
    wire = Wire()
    wire.open.clear()

    async def flood(connection: Connection) -> None:
        await sign_in(connection)
        for _ in range(5):
            connection.send("x" * size)
        assert not connection.closing
        connection.send("x" * size)
        assert connection.closing
        wire.open.set()

    assert await run(wire, limits, flood) == 4408
    assert wire.texts == []


async def test_a_message_that_hangs_in_the_network_ends_it() -> None:
    wire = Wire()

    async def hang(connection: Connection) -> None:
        await sign_in(connection)
        wire.open.clear()
        connection.send("x")

    task = asyncio.create_task(handler(wire, FAST, hang))
    async with asyncio.timeout(PATIENCE_S):
        while wire.connection is None or not wire.connection.closing:
            await asyncio.sleep(0.01)
    wire.open.set()
    await asyncio.wait_for(task, PATIENCE_S)
    assert wire.code == 4408


async def test_room_is_waited_for_and_order_kept() -> None:
    wire = Wire()
    limits = StreamLimits(queue_messages=10)

    async def patient(connection: Connection) -> None:
        await sign_in(connection)
        for number in range(100):
            connection.send(str(number))
            await connection.room()
        while len(wire.texts) < 100:
            await asyncio.sleep(0)
        connection.close(Close.GOING_AWAY, "done")

    assert await run(wire, limits, patient) == 1001
    assert wire.texts == [str(number) for number in range(100)]
