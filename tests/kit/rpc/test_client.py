"""Calls against real listeners that answer, refuse, hang and break."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Protocol

import msgspec
import pytest

from rookery.kit.problems import Conflict, Unauthenticated, Unavailable
from rookery.kit.rpc import client as module
from rookery.kit.rpc import deadlines
from rookery.kit.rpc.breaker import FAILURES_MAX, OPEN_S, Breaker
from rookery.kit.rpc.client import Peer, ServiceAway, remote
from rookery.kit.rpc.contract import methods_of, read
from rookery.kit.rpc.tokens import ServiceTokens
from rookery.kit.telemetry import REQUEST_ID

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
SECRET = "a secret of at least 32 characters"


class EchoApi(Protocol):
    @read
    async def echo(self, value: int, /) -> int: ...

    async def write(self, value: int, /) -> int: ...


METHODS = methods_of(EchoApi, {})


class Listener:
    """Speaks HTTP as the tests want it. `heads` are those of the requests that came."""

    def __init__(self) -> None:
        self.heads: list[bytes] = []
        self.url = ""
        self.status = b"200 OK"
        self.body = msgspec.msgpack.encode(7)
        self.broken = 0  # requests that are still to be dropped without an answer
        self.hanging = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
                await reader.readexactly(length)
                self.heads.append(head)
                if self.hanging:
                    await asyncio.sleep(60)
                if self.broken:
                    self.broken -= 1
                    return
                writer.write(b"HTTP/1.1 %b\r\nContent-Length: %d\r\n\r\n%b" % (self.status, len(self.body), self.body))
        except asyncio.IncompleteReadError:
            return
        finally:
            writer.close()


@asynccontextmanager
async def listening() -> AsyncIterator[Listener]:
    listener = Listener()
    server = await asyncio.start_server(listener.serve, "127.0.0.1", 0)
    listener.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield listener
    finally:
        server.close()


@asynccontextmanager
async def asking(*urls: str) -> AsyncIterator[EchoApi]:
    peer = Peer("echo", urls, ServiceTokens(SECRET, "tests"))
    await peer.open()
    api: EchoApi = remote(METHODS, peer)
    try:
        yield api
    finally:
        await peer.close()


async def closed_address() -> str:
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()
    await server.wait_closed()
    return url


async def test_a_call_carries_who_asks_what_for_which_request_and_for_how_long() -> None:
    async with listening() as listener, asking(listener.url) as api:
        token = REQUEST_ID.set("a-request")
        assert await api.echo(7) == 7
        REQUEST_ID.reset(token)
    (head,) = [head.lower() for head in listener.heads]
    assert head.startswith(b"post /internal/echo/echo http/1.1")
    assert b"authorization: bearer " in head and b"x-request-id: a-request" in head
    assert 0 < int(head.partition(b"x-rookery-timeout-ms: ")[2].split(b"\r\n")[0]) <= module.ATTEMPT_S * 1000


async def test_connections_are_kept() -> None:
    peers = set()
    async with listening() as listener, asking(listener.url) as api:
        original = listener.serve

        async def counting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            peers.add(writer.get_extra_info("peername"))
            await original(reader, writer)

        server = await asyncio.start_server(counting, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with asking(url) as api:
            for _ in range(5):
                await api.echo(1)
        server.close()
    assert len(peers) == 1


async def test_a_refusal_is_what_it_was_there() -> None:
    async with listening() as listener, asking(listener.url) as api:
        listener.status, listener.body = b"409 Conflict", msgspec.json.encode(Conflict("Taken.").document())
        with pytest.raises(Conflict, match="Taken") as refusal:
            await api.echo(1)
        assert refusal.value.code == "conflict"
        listener.status, listener.body = b"503 Unavailable", msgspec.json.encode(Unavailable("No database.").document())
        with pytest.raises(Unavailable, match="No database") as away:
            await api.echo(1)
        assert away.value.headers == {"Retry-After": "1"}
    assert len(listener.heads) == 2


async def test_processes_that_do_not_fit_together_are_our_trouble() -> None:
    """A caller without a valid token is no person who must sign in."""
    async with listening() as listener, asking(listener.url) as api:
        refusal = Unauthenticated("No.", code="rpc_token_invalid")
        listener.status, listener.body = b"401 Unauthorized", msgspec.json.encode(refusal.document())
        with pytest.raises(ServiceAway):
            await api.echo(1)
    assert len(listener.heads) == 1


async def test_a_read_is_tried_again_and_a_write_is_not() -> None:
    async with listening() as listener, asking(listener.url) as api:
        listener.broken = 2
        assert await api.echo(1) == 7
        assert len(listener.heads) == 3
        listener.broken = 1
        with pytest.raises(ServiceAway, match="echo service"):
            await api.write(1)
        assert len(listener.heads) == 4
        listener.broken = 100
        with pytest.raises(ServiceAway):
            await api.echo(1)
        assert len(listener.heads) == 4 + module.ATTEMPTS_MAX


async def test_a_write_that_cannot_have_been_sent_goes_to_the_next_instance() -> None:
    gone = await closed_address()
    async with listening() as listener, asking(gone, listener.url) as api:
        for _ in range(6):
            assert await api.write(1) == 7
    assert len(listener.heads) == 6


async def test_nobody_there_is_a_503_that_names_the_service() -> None:
    async with asking(await closed_address()) as api:
        with pytest.raises(ServiceAway) as away:
            await api.write(1)
    assert (away.value.status, away.value.code) == (503, "unavailable")
    assert "echo service" in away.value.detail
    assert away.value.headers["Retry-After"] == "1"


async def test_a_call_ends_with_the_request_behind_it() -> None:
    async with listening() as listener, asking(listener.url) as api:
        listener.hanging = True
        deadlines.begin(0.2)
        began = time.monotonic()
        with pytest.raises(ServiceAway):
            await api.echo(1)
        assert time.monotonic() - began < module.ATTEMPT_S
        deadlines.begin(60.0)


async def test_who_does_not_answer_is_left_alone_and_asked_again_by_one() -> None:
    async with listening() as listener, asking(listener.url) as api:
        listener.broken = FAILURES_MAX
        while listener.broken:
            with pytest.raises(ServiceAway):
                await api.write(1)
        sent = len(listener.heads)
        for _ in range(5):
            with pytest.raises(ServiceAway):
                await api.write(1)
        assert len(listener.heads) == sent, "an open breaker lets nothing through"
        await asyncio.sleep(OPEN_S)
        assert await api.write(1) == 7
        assert await api.write(1) == 7


async def test_a_large_answer_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RESULT_MAX_BYTES", 10)
    async with listening() as listener, asking(listener.url) as api:
        listener.body = b"x" * 11
        with pytest.raises(ServiceAway):
            await api.write(1)


def test_a_half_open_breaker_admits_one(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    breaker = Breaker()
    for _ in range(FAILURES_MAX):
        assert breaker.admits()
        breaker.failed()
    assert not breaker.admits()
    now += OPEN_S
    assert breaker.admits() and not breaker.admits()
    breaker.gave_up()
    assert breaker.admits()
    breaker.failed()
    assert not breaker.admits()
    now += OPEN_S
    assert breaker.admits()
    breaker.succeeded()
    assert breaker.admits() and breaker.admits()
