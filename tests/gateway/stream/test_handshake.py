"""What is answered to who asks for a WebSocket, over a real server."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from websockets.frames import Opcode

from rookery.gateway.wiring import Services
from rookery.gateway.worker import Worker
from rookery.kit.settings import Settings
from tests.gateway.stream.clients import running_server
from tests.gateway.stream.raw import ACCEPT, Answer, RawClient, handshake, text
from tests.people import Person

READS = 3  # that the strict server allows
BUSY = "127.9.9.9"  # an address of its own, whose allowance is used up


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def strict_url(settings: Settings, services: Services, worker: Worker) -> AsyncIterator[str]:
    async with running_server(settings, rate_limits="true", rate_limit_reads=f"{READS}/3600") as url:
        yield url


async def refused(url: str, request: bytes, address: str = "127.0.0.1") -> Answer:
    """The answer, after which the server closes."""
    client = await RawClient.connect(url, address)
    client.say(request)
    answer = await client.answer()
    assert answer.headers["connection"].lower() == "close"
    await client.ended()
    await client.leave()
    return answer


@pytest.mark.parametrize(
    ("line", "without"),
    [
        (b"Sec-WebSocket-Key: c2hvcnQ=", b"Sec-WebSocket-Key"),
        (b"Sec-WebSocket-Key: ???", b"Sec-WebSocket-Key"),
        (b"X-Nothing: 1", b"Sec-WebSocket-Key"),
        (b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", b"-"),  # twice
        (b"X-Nothing: 1", b"Sec-WebSocket-Version"),
        (b"Sec-WebSocket-Version: 8", b"Sec-WebSocket-Version"),
        (b"Content-Length: 5\r\n\r\nhello", b"-"),
        (b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0", b"-"),
    ],
)
async def test_a_bad_handshake_is_a_problem(stream_url: str, line: bytes, without: bytes) -> None:
    answer = await refused(stream_url, handshake(stream_url, line, without=without))
    assert (answer.status, answer.problem()["code"]) == (400, "invalid")


async def test_a_foreign_origin(stream_url: str) -> None:
    answer = await refused(stream_url, handshake(stream_url, b"Origin: https://evil.example"))
    assert (answer.status, answer.problem()["code"]) == (403, "origin_not_allowed")


async def test_our_own_origin(stream_url: str) -> None:
    client = await RawClient.connect(stream_url)
    client.say(
        handshake(stream_url, b"Origin: " + stream_url.replace("ws://", "http://").rpartition("/v1")[0].encode())
    )
    assert (await client.answer()).status == 101
    await client.leave()


async def test_an_address_where_there_is_no_stream(stream_url: str) -> None:
    answer = await refused(stream_url, handshake(stream_url.replace("stream", "nowhere")))
    assert (answer.status, answer.problem()["code"]) == (404, "not_found")


async def test_a_forged_token_in_the_head(stream_url: str) -> None:
    answer = await refused(stream_url, handshake(stream_url, b"Authorization: Bearer forged"))
    assert (answer.status, answer.problem()["code"]) == (401, "token_invalid")


async def test_other_methods_and_old_protocols_need_an_upgrade(stream_url: str) -> None:
    for request in (
        handshake(stream_url).replace(b"GET", b"POST", 1).replace(b"\r\n\r\n", b"\r\nContent-Length: 0\r\n\r\n"),
        handshake(stream_url).replace(b"HTTP/1.1", b"HTTP/1.0", 1),
        handshake(stream_url).replace(b"Upgrade: websocket", b"Upgrade: h2c"),
    ):
        client = await RawClient.connect(stream_url)
        client.say(request)
        answer = await client.answer()
        assert (answer.status, answer.problem()["code"]) == (426, "upgrade_required")
        assert answer.headers["upgrade"] == "websocket"
        await client.leave()


async def test_handshakes_count_as_reads(strict_url: str) -> None:
    for _ in range(READS):
        await (await RawClient.opened(strict_url, BUSY)).leave()
    answer = await refused(strict_url, handshake(strict_url), BUSY)
    assert (answer.status, answer.problem()["code"]) == (429, "rate_limited")
    assert int(answer.headers["retry-after"]) > 0


async def test_what_is_sent_with_the_handshake_is_heard(ana: Person, stream_url: str) -> None:
    client = await RawClient.connect(stream_url)
    all_at_once = handshake(stream_url) + text(type="auth", token=ana.token) + text(type="ping")
    client.say(all_at_once)
    assert (await client.answer()).status == 101
    assert b'"ready"' in (await client.frame())[1]
    assert await client.frame() == (Opcode.TEXT, b'{"type":"pong"}')
    await client.leave()


async def test_it_may_come_byte_by_byte(ana: Person, stream_url: str) -> None:
    client = await RawClient.connect(stream_url)
    for byte in handshake(stream_url) + text(type="auth", token=ana.token):
        client.say(bytes([byte]))
        await client.writer.drain()
    assert (await client.answer()).status == 101
    assert b'"ready"' in (await client.frame())[1]
    await client.leave()


async def test_requests_may_come_before_it(stream_url: str) -> None:
    client = await RawClient.connect(stream_url)
    get = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    client.say(get)
    assert (await client.answer()).status == 200
    client.say(get + get + handshake(stream_url) + text(type="ping"))  # and be waiting before it
    assert [(await client.answer()).status for _ in range(3)] == [200, 200, 101]
    assert await client.closed() == 4401
    await client.leave()


async def test_the_answer_is_that_of_the_standard(stream_url: str) -> None:
    client = await RawClient.connect(stream_url)
    client.say(handshake(stream_url, b"X-Request-Id: mine", b"Sec-WebSocket-Extensions: permessage-deflate"))
    answer = await client.answer()
    assert answer.status == 101
    assert answer.headers.pop("date")
    assert answer.headers == {
        "upgrade": "websocket",
        "connection": "Upgrade",
        "sec-websocket-accept": ACCEPT.decode(),
        "x-request-id": "mine",
    }
    await client.leave()


async def test_who_floods_before_the_answer_is_cut_off(stream_url: str) -> None:
    client = await RawClient.connect(stream_url)
    client.say(handshake(stream_url) + bytes(1_000_000))
    await client.ended()
    await client.leave()
