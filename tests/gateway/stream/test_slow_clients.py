"""A client that takes nothing is cut off; the others and the server go on."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import websockets

from rookery.gateway.wiring import Services
from rookery.kit import live
from tests.gateway.stream.clients import StreamClient
from tests.people import Person

Settle = Callable[[], Awaitable[None]]

BATCH = 100
BATCHES = 40  # 4,000 events of more than 1 KB: far more than the sockets' buffers and the queue together


def tight_socket(url: str) -> socket.socket:
    """Connected, with little room for what is received."""
    address = urlsplit(url)
    connected = socket.socket()
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
    connected.connect((address.hostname, address.port))
    connected.setblocking(False)
    return connected


async def test_a_slow_client_is_cut_off_and_others_miss_nothing(
    ana: Person, services: Services, stream_url: str, settle: Settle
) -> None:
    post = await ana.post("x" * 280)
    await settle()  # its own event is none of those that are counted
    slow = await StreamClient.connect(stream_url, ana.token, sock=tight_socket(stream_url), max_queue=1)
    await slow.subscribe("home")
    slow.socket.transport.pause_reading()
    async with await StreamClient.connect(stream_url, ana.token) as healthy:
        await healthy.subscribe("home")
        for batch in range(BATCHES):
            events = [live.LiveEvent(live.HOME, int(ana.id), payload(post, batch, place)) for place in range(BATCH)]
            await live.publish(services.resources.cache, events)
            for _ in range(BATCH):
                assert (await healthy.event())["data"]["id"] == post["id"]
        assert await healthy.nothing_before_pong() == []
    assert await taken_until_the_end(slow) < BATCH * BATCHES


def payload(post: dict[str, str], batch: int, place: int) -> bytes:
    """The same entry under ever new payloads, so that none counts as a repetition."""
    author_id = post["author"]["id"]  # type: ignore[index]
    return f'{{"id":{post["id"]},"user_id":{author_id},"post_id":{post["id"]},"n":{batch * BATCH + place}}}'.encode()


async def taken_until_the_end(client: StreamClient) -> int:
    """How many events are still to be had from a connection before it ends."""
    client.socket.transport.resume_reading()
    taken = 0
    async with asyncio.timeout(30):
        while True:
            try:
                await client.socket.recv()
            except websockets.ConnectionClosed:
                client.drop()
                return taken
            taken += 1
