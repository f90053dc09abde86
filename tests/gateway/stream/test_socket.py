"""The WebSocket protocol against clients that bend or break it."""

import asyncio
import gc
import signal
from collections import Counter
from collections.abc import AsyncIterator

import pytest
from websockets.frames import Close, Opcode

from rookery.gateway.server import HttpProtocol
from rookery.gateway.stream import socket as stream_socket
from rookery.gateway.stream.connection import Connection
from rookery.gateway.stream.limits import StreamLimits
from rookery.gateway.stream.socket import MESSAGE_MAX_BYTES, WebSocket
from rookery.gateway.wiring import Services
from tests.gateway.stream.clients import serving
from tests.gateway.stream.raw import RawClient, masked, text
from tests.gateway.stream.stage import Stage, staged
from tests.people import Person

SECRET = "ä🐦" * 10


@pytest.fixture
async def stage(services: Services) -> AsyncIterator[Stage]:
    async with staged(services) as stage:
        yield stage


async def only(stage: Stage) -> Connection:
    (connection,) = stage.gateway._open
    return connection


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (masked(Opcode.TEXT, b"\xff"), 1007),
        (masked(Opcode.TEXT, b"\xed\xa0\xbd"), 1007),  # half of a surrogate pair
        (masked(Opcode.TEXT, b"\xf0\x9f", fin=False) + masked(Opcode.CONT, b"\x90", fin=True), 1007),
        (masked(Opcode.TEXT, bytes(MESSAGE_MAX_BYTES + 1)), 1009),
        (masked(Opcode.TEXT, bytes(MESSAGE_MAX_BYTES + 1))[:14], 1009),  # said, not yet sent
        (masked(Opcode.TEXT, bytes(9_000), fin=False) + masked(Opcode.CONT, bytes(9_000)), 1009),
        (masked(Opcode.TEXT, b" " * 5_000), 4400),
        (masked(Opcode.BINARY, b"{}"), 4400),
        (masked(Opcode.BINARY, b"{", fin=False) + masked(Opcode.CONT, b"}"), 4400),
        (masked(Opcode.CONT, b"x"), 1002),
        (masked(Opcode.TEXT, b"{", fin=False) + masked(Opcode.TEXT, b"}"), 1002),
        (b"\x09\x80\x00\x00\x00\x00", 1002),  # a ping in fragments
        (b"\x89\xfe\x00\x7e" + bytes(4 + 126), 1002),  # a ping of 126 bytes
        (b"\xc1\x80\x00\x00\x00\x00", 1002),  # a reserved bit: compression, which nobody agreed on
        (b"\x83\x80\x00\x00\x00\x00", 1002),  # an unknown opcode
        (b"\x81\x02{}", 1002),  # not masked
        (masked(Opcode.CLOSE, b"\x03"), 1002),
        (masked(Opcode.CLOSE, b"\x03\xed"), 1002),  # 1005 is never sent
        (masked(Opcode.CLOSE, b"\x03\xe8\xff"), 1007),
        (masked(Opcode.CLOSE, b"\x03\xe8bye"), 1000),
    ],
    ids=lambda value: f"{len(value)} bytes" if isinstance(value, bytes) else str(value),  # masks are random
)
async def test_what_breaks_the_rules_ends_it(stage: Stage, sent: bytes, code: int) -> None:
    client = await RawClient.opened(stage.url)
    client.say(sent)
    assert await client.closed() == code
    await client.ended()
    await client.leave()
    await stage.emptied()


async def test_a_ping_is_answered_in_the_middle_of_a_message(ana: Person, stage: Stage) -> None:
    client = await RawClient.opened(stage.url)
    message = b'{"type":"auth","token":"%b"}' % ana.token.encode()
    client.say(masked(Opcode.TEXT, message[:10], fin=False))
    client.say(masked(Opcode.PING, b"now"))
    client.say(masked(Opcode.CONT, message[10:50], fin=False) + masked(Opcode.CONT, b"", fin=False))
    assert await client.frame() == (Opcode.PONG, b"now")
    client.say(masked(Opcode.PONG, b"unasked") + masked(Opcode.CONT, message[50:]))
    assert b'"ready"' in (await client.frame())[1]
    await client.leave()


async def test_a_letter_may_be_cut_in_two(stage: Stage) -> None:
    client = await RawClient.opened(stage.url)
    message = f'{{"type":"auth","token":"{SECRET}"}}'.encode()
    place = message.index("🐦".encode()) + 2
    client.say(masked(Opcode.TEXT, message[:place], fin=False) + masked(Opcode.CONT, message[place:]))
    assert await client.closed() == 4401
    await client.leave()


async def test_a_reason_is_cut_to_what_a_frame_holds(stage: Stage) -> None:
    client = await RawClient.opened(stage.url)
    client.say(text(type="🐦" * 200))
    while (frame := await client.frame())[0] is not Opcode.CLOSE:
        pass
    close = Close.parse(frame[1])
    assert close.code == 4400
    assert len(frame[1]) <= 125
    await client.leave()


async def test_messages_keep_their_order_while_one_is_waited_for(ana: Person, stage: Stage) -> None:
    client = await RawClient.opened(stage.url)
    client.say(text(type="auth", token=ana.token) + text(type="ping") + text(type="subscribe", channels=["home"]))
    client.say(text(type="ping") + text(type="unsubscribe", channels=["home"]) + text(type="ping"))
    kinds = [(await client.frame())[1].split(b'"')[3] for _ in range(5)]
    assert kinds == [b"ready", b"pong", b"subscribed", b"pong", b"pong"]
    assert (await only(stage)).subscriptions == {}
    await client.leave()


async def test_who_says_much_while_one_thing_is_done_is_cut_off(ana: Person, services: Services) -> None:
    async with staged(services, StreamLimits(messages_burst=10**9)) as stage:
        client = await RawClient.opened(stage.url)
        client.say(text(type="auth", token=ana.token) + text(type="ping") * 200)
        assert await client.closed() == 4429
        await client.leave()


@pytest.mark.parametrize("opcode", [Opcode.PING, Opcode.PONG, Opcode.TEXT])
async def test_frames_of_every_kind_are_counted(services: Services, opcode: Opcode) -> None:
    async with staged(services, StreamLimits(messages_burst=10)) as stage:
        client = await RawClient.opened(stage.url)
        client.say(masked(Opcode.TEXT, b"", fin=False) if opcode is Opcode.TEXT else masked(opcode, b"x"))
        client.say((masked(Opcode.CONT, b"", fin=False) if opcode is Opcode.TEXT else masked(opcode, b"x")) * 20)
        assert await client.closed() == 4429
        await client.leave()


async def test_half_a_connection_is_none(ana: Person, stage: Stage) -> None:
    client = await RawClient.opened(stage.url)
    client.say(text(type="auth", token=ana.token))
    await client.frame()
    client.writer.write_eof()
    await client.ended()
    await stage.emptied()
    await client.leave()


async def test_a_dead_peer_is_dropped(ana: Person, services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_socket, "GOODBYE_S", 0.2)
    async with staged(services, StreamLimits(heartbeat_s=0.1)) as stage:
        client = await RawClient.opened(stage.url)
        client.say(text(type="auth", token=ana.token))
        client.reader._transport.pause_reading()  # type: ignore[attr-defined]
        await stage.emptied()
        client.reader._transport.resume_reading()  # type: ignore[attr-defined]
        frames = []
        with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
            while True:
                frames.append(await client.frame())
        assert [data for opcode, data in frames if opcode is Opcode.TEXT][1:] == [b'{"type":"ping"}'] * 2
        assert Close.parse(frames[-1][1]).code == 4408
        await client.leave()


async def test_the_servers_goodbye_is_answered_before_it_goes(stage: Stage) -> None:
    client = await RawClient.opened(stage.url)
    client.say(text(type="ping"))
    frames = [await client.frame(), await client.frame()]
    assert [opcode for opcode, _ in frames] == [Opcode.TEXT, Opcode.CLOSE]
    assert stage.state.connections  # our answer is waited for
    client.say(masked(Opcode.CLOSE, frames[1][1]))
    await client.ended()
    await client.leave()
    await stage.emptied()


async def test_a_goodbye_arrives_however_much_is_under_way(stage: Stage) -> None:
    client = await RawClient.opened(stage.url)
    client.say(masked(Opcode.TEXT, bytes(MESSAGE_MAX_BYTES + 1)) + bytes(5_000_000))
    assert await client.closed() == 1009
    await client.leave()
    await stage.emptied()


async def test_who_does_not_close_is_not_waited_for(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_socket, "GOODBYE_S", 0.2)
    client = await RawClient.opened(stage.url)
    client.say(masked(Opcode.CLOSE, b"\x03\xe8"))
    assert (await client.frame())[0] is Opcode.CLOSE
    await stage.emptied()
    await client.leave()


async def test_who_does_not_read_costs_a_bounded_amount(ana: Person, services: Services) -> None:
    limits = StreamLimits(queue_bytes=200_000, queue_messages=10**6)
    async with staged(services, limits) as stage:
        client = await RawClient.opened(stage.url)
        client.say(text(type="auth", token=ana.token))
        await client.frame()
        client.reader._transport.pause_reading()  # type: ignore[attr-defined]
        connection = await only(stage)
        (socket,) = stage.state.connections
        assert isinstance(socket, WebSocket)
        sent = 0
        while not connection.closing:
            connection.send("x" * 1_000)
            sent += 1
            if sent % 100 == 0:
                await asyncio.sleep(0)
            assert socket._transport.get_write_buffer_size() < 100_000
            assert connection._queued_bytes <= 200_000
        assert connection._queue is None
        await client.leave()
        await stage.emptied()


async def test_who_reads_no_pong_is_not_listened_to(services: Services) -> None:
    async with staged(services, StreamLimits(messages_burst=10**9, auth_s=1e6)) as stage:
        client = await RawClient.opened(stage.url)
        client.reader._transport.pause_reading()  # type: ignore[attr-defined]
        (socket,) = stage.state.connections
        assert isinstance(socket, WebSocket)
        pings = masked(Opcode.PING, b"x" * 125) * 1_000
        for _ in range(200):  # 26 MB, if all were answered
            client.say(pings)
            await asyncio.sleep(0.001)
            assert socket._transport.get_write_buffer_size() < 600_000  # one read beyond the high-water mark
        assert client.writer.transport.get_write_buffer_size() > 1_000_000  # they stay where they came from
        client.writer.transport.abort()
        await stage.emptied()


async def test_thousands_come_and_go_and_leave_nothing(ana: Person, services: Services) -> None:
    kinds = (WebSocket, Connection, HttpProtocol, asyncio.Task)

    async def come_and_go(stage: Stage, count: int) -> None:
        for number in range(count):
            client = await RawClient.opened(stage.url)
            if number % 2:
                client.say(text(type="auth", token=ana.token) + text(type="subscribe", channels=["home"]))
                await client.frame()
                await client.frame()
            if number % 3:
                client.writer.transport.abort()
            else:
                client.say(masked(Opcode.CLOSE, b"\x03\xe8"))
                assert await client.closed() == 1000
                await client.leave()
        await stage.emptied()

    def living() -> tuple[Counter[type], int]:
        gc.collect()
        everything = gc.get_objects()
        return Counter(type(each) for each in everything if type(each) in kinds), len(everything)

    async with staged(services, StreamLimits(connections_per_address=10**6)) as stage:
        await come_and_go(stage, 200)
        left, grown = [], []
        for _ in range(3):  # what else runs in this process may grow meanwhile, but not each time
            before = living()
            await come_and_go(stage, 1_000)
            after = living()
            left.append((after[0] - before[0]).total())  # without those that have gone
            grown.append(after[1] - before[1])
        assert min(left) == 0, left
        assert min(grown) < 500, grown  # less than half an object for each


async def test_an_open_connection_keeps_nothing_of_its_request(services: Services) -> None:
    async with staged(services, StreamLimits(connections_per_address=10**6, auth_s=1e6)) as stage:
        clients = [await RawClient.opened(stage.url) for _ in range(20)]
        gc.collect()
        before = Counter(type(each) for each in gc.get_objects())
        gc.disable()  # what is left from here on is left by counting references
        try:
            clients += [await RawClient.opened(stage.url) for _ in range(50)]
            after = Counter(type(each) for each in gc.get_objects())
            assert after[HttpProtocol] == before[HttpProtocol]
            assert after[WebSocket] == before[WebSocket] + 50
        finally:
            gc.enable()
        for client in clients:
            await client.leave()
        await stage.emptied()


async def test_a_server_that_ends_says_so_and_waits_for_no_one(ana: Person, services: Services) -> None:
    async with serving(services.resources.settings) as (url, process):
        polite, rude = await RawClient.opened(url), await RawClient.opened(url)
        polite.say(text(type="auth", token=ana.token))
        await polite.frame()
        process.send_signal(signal.SIGTERM)
        assert await polite.closed() == 1001
        while (frame := await rude.frame())[0] is not Opcode.CLOSE:
            pass
        assert Close.parse(frame[1]).code == 1001  # and no answer to it
        assert await asyncio.wait_for(process.wait(), 20) == 0
        for client in (polite, rude):
            await client.leave()
