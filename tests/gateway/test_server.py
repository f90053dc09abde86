"""What the web server does about clients that do not finish what they begin."""

import asyncio
import socket
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from structlog.testing import capture_logs
from uvicorn.server import ServerState

from rookery.gateway import server
from rookery.gateway.draining import DrainingServer
from rookery.gateway.edge.exchange import WHOLE_ANSWER
from rookery.gateway.server import HttpProtocol
from rookery.kit.metrics import REQUESTS
from tests.people import Person


async def hello(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
    body = b"hello"
    headers = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class WholeAnswers:
    """Answers by the server's short way, with bodies that no socket takes at once."""

    def __init__(self) -> None:
        self.begun = 0

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        self.begun += 1
        body = b"x" * 100_000
        await scope[WHOLE_ANSWER](200, b"content-length: %d\r\n" % len(body), body)


async def test_who_does_not_read_is_not_written_to_without_end() -> None:
    answering, state = WholeAnswers(), ServerState()
    config = uvicorn.Config(answering, http=HttpProtocol, ws="none", log_config=None, access_log=False)
    loop = asyncio.get_running_loop()
    listener = await loop.create_server(lambda: HttpProtocol(config, state, {}), "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", listener.sockets[0].getsockname()[1], limit=1_000)
    for _ in range(200):
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        await asyncio.sleep(0.001)
    (connection,) = state.connections
    assert connection.transport.get_write_buffer_size() < 300_000
    async with asyncio.timeout(20):
        for _ in range(200):  # nothing is lost by it
            await reader.readuntil(b"\r\n\r\n")
            assert await reader.readexactly(100_000) == b"x" * 100_000
    assert answering.begun == 200
    writer.close()
    listener.close()
    await listener.wait_closed()


@asynccontextmanager
async def listening(answering: Any) -> AsyncIterator[int]:
    """A server of this application; yields its port."""
    config = uvicorn.Config(answering, http=HttpProtocol, ws="none", log_config=None, access_log=False)
    state = ServerState()
    loop = asyncio.get_running_loop()
    listener = await loop.create_server(lambda: HttpProtocol(config, state, {}), "127.0.0.1", 0)
    yield listener.sockets[0].getsockname()[1]
    for connection in list(state.connections):
        connection.shutdown()
    listener.close()
    await listener.wait_closed()


@pytest.fixture
async def port(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    monkeypatch.setattr(server, "HEAD_S", 0.2)
    async with listening(hello) as port:
        yield port


async def ended(reader: asyncio.StreamReader) -> bytes:
    """All that is still received until the server closes."""
    async with asyncio.timeout(10):
        return await reader.read()


async def test_a_connection_that_says_nothing_is_closed(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    assert await ended(reader) == b""
    writer.close()


@pytest.mark.parametrize("first", [b"G", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "])
async def test_a_head_that_does_not_end_is_not_waited_for(port: int, first: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b"hello" in await reader.readuntil(b"hello")
    writer.write(first)
    assert await ended(reader) == b""
    writer.close()


async def test_an_endless_head_is_cut_off(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "HEAD_S", 60.0)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: ")
    with pytest.raises(OSError):
        async with asyncio.timeout(10):
            while not reader.at_eof():
                writer.write(b"a" * 64 * 1024)
                await writer.drain()
                await asyncio.sleep(0)
            raise ConnectionResetError
    writer.close()


async def test_a_connection_lives_on_between_requests(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(3):
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        await reader.readuntil(b"hello")
        await asyncio.sleep(0.25)  # longer than a head may take
    writer.close()


async def test_an_address_that_cannot_be_parsed_is_a_bad_request(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET \xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n")
    assert (await ended(reader)).startswith(b"HTTP/1.1 400 ")
    writer.close()


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/v1/posts"), ("PATCH", "/v1/users/me"), ("POST", "/v1/sessions")],  # of a lane, and not
)
@pytest.mark.parametrize("body", [b"", b'{"content":'])
async def test_a_client_that_leaves_before_its_body_is_no_error_of_the_server(
    app: Any, ana: Person, monkeypatch: pytest.MonkeyPatch, method: str, path: str, body: bytes
) -> None:
    seen: asyncio.Queue[tuple[str, str, int]] = asyncio.Queue()
    monkeypatch.setattr(REQUESTS, "observe", lambda route, verb, status, _s: seen.put_nowait((route, verb, status)))
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {ana.token}\r\n"
        "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n"
    )
    with capture_logs() as logged:
        async with listening(app) as port:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(head.encode() + body)
            await writer.drain()
            writer.close()
            async with asyncio.timeout(10):
                assert await seen.get() == (path, method, 499)
    assert logged == []


@asynccontextmanager
async def stopping(drain_s: float) -> AsyncIterator[tuple[DrainingServer, int]]:
    """A server that runs, and its port; whoever enters stops it."""
    config = uvicorn.Config(hello, port=0, http=HttpProtocol, ws="none", lifespan="off", log_config=None)
    config.load()
    running = DrainingServer(config, drain_s)
    running.lifespan = config.lifespan_class(config)
    await running.startup()
    yield running, running.servers[0].sockets[0].getsockname()[1]


ASKED = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"


async def test_who_waited_to_be_accepted_is_answered_by_a_server_that_stops() -> None:
    """The kernel has made these connections, and clients have sent their requests, before the server saw them."""
    async with stopping(drain_s=0.2) as (running, port):
        clients = [socket.create_connection(("127.0.0.1", port)) for _ in range(5)]
        for client in clients:
            client.sendall(ASKED)
        await running.shutdown()
        for client in clients:
            client.settimeout(10)
            answer = b""
            while part := client.recv(1000):
                answer += part
            assert answer.startswith(b"HTTP/1.1 200")
            client.close()


async def test_a_connection_ends_with_the_answer_while_the_server_stops() -> None:
    """Those that a proxy keeps are of use once more, and it is told that they are of none after that."""
    async with stopping(drain_s=0.5) as (running, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(ASKED)
        assert b"connection: close" not in (await reader.readuntil(b"hello")).lower()
        end = asyncio.create_task(running.shutdown())
        await asyncio.sleep(0.1)
        writer.write(ASKED)
        answer = await ended(reader)
        assert not end.done()
        assert answer.startswith(b"HTTP/1.1 200")
        assert b"connection: close" in answer.lower()
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port)
        await end
        writer.close()
