"""The clock and the queue of one connection, with the network played by the test."""

import asyncio

import pytest

from rookery.gateway.stream.limits import StreamLimits
from rookery.gateway.stream.protocol import PING, Close
from rookery.kit.identity import Claims
from tests.gateway.stream.wire import PATIENCE_S, Wire

CLAIMS = Claims(1, 2, 2**40)
FAST = StreamLimits(auth_s=0.02, heartbeat_s=0.02, send_s=0.02)


def signed_in(limits: StreamLimits, *, answers: bool = False) -> Wire:
    wire = Wire(limits, answers=answers)
    wire.connection.authenticated(CLAIMS, 1e6)
    return wire


async def test_who_shows_no_token_in_time_is_sent_away() -> None:
    assert await Wire(FAST).until_closed() == 4401


async def test_a_peer_that_answers_no_heartbeat_is_dropped_after_two() -> None:
    wire = signed_in(FAST)
    assert await wire.until_closed() == 4408
    assert wire.texts.count(PING) == 2


async def test_a_peer_that_answers_stays() -> None:
    wire = signed_in(FAST, answers=True)
    async with asyncio.timeout(PATIENCE_S):
        while wire.texts.count(PING) < 10:
            await asyncio.sleep(0.01)
    assert wire.code is None
    wire.answers = False
    assert await wire.until_closed() == 4408


async def test_an_expired_token_ends_it() -> None:
    wire = Wire(StreamLimits())
    wire.connection.authenticated(CLAIMS, 0.02)
    assert await wire.until_closed() == 4401


@pytest.mark.parametrize(("limits", "size"), [(StreamLimits(queue_messages=5), 1), (StreamLimits(queue_bytes=50), 10)])
async def test_a_full_queue_ends_it(limits: StreamLimits, size: int) -> None:
    wire = signed_in(limits)
    wire.block()
    for _ in range(5):
        wire.connection.send("x" * size)
    assert not wire.connection.closing
    wire.connection.send("x" * size)
    assert wire.connection.closing
    wire.unblock()
    assert await wire.until_closed() == 4408
    assert wire.texts == []


async def test_a_message_that_hangs_in_the_network_ends_it() -> None:
    wire = signed_in(StreamLimits(send_s=0.02))
    wire.connection.send("x")
    wire.block()
    assert await wire.until_closed() == 4408
    assert wire.texts == ["x"]


async def test_a_network_that_goes_on_in_time_ends_nothing() -> None:
    wire = signed_in(StreamLimits(send_s=1.0))
    for number in range(3):
        wire.block()
        wire.connection.send(str(number))
        await asyncio.sleep(0.4)
        wire.unblock()
    assert wire.texts == ["0", "1", "2"]
    assert not wire.connection.closing


async def test_room_is_waited_for_and_order_kept() -> None:
    wire = signed_in(StreamLimits(queue_messages=10))

    async def send_patiently() -> None:
        for number in range(100):
            wire.connection.send(str(number))
            await wire.connection.room()

    wire.block()
    sending = asyncio.create_task(send_patiently())
    await asyncio.sleep(0.05)
    assert not sending.done()
    assert wire.texts == []
    wire.unblock()
    await asyncio.wait_for(sending, PATIENCE_S)
    assert wire.texts == [str(number) for number in range(100)]
    wire.connection.close(Close.GOING_AWAY, "done")
    assert await wire.until_closed() == 1001


async def test_who_waits_for_room_is_interrupted_by_the_end() -> None:
    wire = signed_in(StreamLimits(queue_messages=2))
    wire.block()
    wire.connection.send("0")
    wire.connection.send("1")
    waiting = asyncio.create_task(wire.connection.room())
    await asyncio.sleep(0)
    wire.connection.close(Close.GOING_AWAY, "done")
    await asyncio.wait_for(waiting, PATIENCE_S)


async def test_the_first_reason_stands_and_nothing_is_sent_after_it() -> None:
    wire = signed_in(StreamLimits())
    wire.connection.close(Close.BAD_MESSAGE, "first")
    wire.connection.close(Close.TOO_SLOW, "second")
    wire.connection.send("x")
    assert await wire.until_closed() == 4400
    assert wire.texts == ['{"type":"error","code":"bad_message","detail":"first"}']
