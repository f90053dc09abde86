"""The gateway's own end, seen from the side of the server that calls it."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

from rookery.gateway.stream.gateway import LiveGateway
from rookery.gateway.stream.limits import StreamLimits
from rookery.gateway.stream.metrics import CONNECTIONS
from rookery.gateway.wiring import Services
from tests.people import Person


class Peer:
    """An ASGI server's end of a WebSocket."""

    def __init__(self) -> None:
        self.inbox: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
        self.sent: list[MutableMapping[str, Any]] = []
        self.inbox.put_nowait({"type": "websocket.connect"})

    def say(self, text: str) -> None:
        self.inbox.put_nowait({"type": "websocket.receive", "text": text})

    async def send(self, message: MutableMapping[str, Any]) -> None:
        self.sent.append(message)

    async def heard(self, count: int) -> None:
        async with asyncio.timeout(20):
            while len(self.sent) < count:
                await asyncio.sleep(0.005)


async def test_shutting_down_tells_everybody_to_come_back(ana: Person, services: Services) -> None:
    gateway = LiveGateway(services)
    await gateway.open()
    before = CONNECTIONS._value.get()
    peers = [Peer() for _ in range(3)]
    scope = {"type": "websocket", "rookery.client_ip": "192.0.2.1"}
    handlers = [asyncio.create_task(gateway.serve(scope, peer.inbox.get, peer.send)) for peer in peers]
    for peer in peers[:2]:
        peer.say(f'{{"type":"auth","token":"{ana.token}"}}')
        await peer.heard(2)
    peers[0].say('{"type":"subscribe","channels":["home"]}')
    await peers[0].heard(3)
    await peers[2].heard(1)
    assert CONNECTIONS._value.get() == before + 3
    await gateway.close()
    await asyncio.wait_for(asyncio.gather(*handlers), 20)
    assert [peer.sent[-1]["code"] for peer in peers] == [1001, 1001, 1001]
    assert CONNECTIONS._value.get() == before


async def test_who_leaves_leaves_nothing_behind(ana: Person, services: Services) -> None:
    gateway = LiveGateway(services)
    await gateway.open()
    peer = Peer()
    peer.say(f'{{"type":"auth","token":"{ana.token}"}}')
    peer.say('{"type":"subscribe","channels":["home","notifications"]}')
    peer.inbox.put_nowait({"type": "websocket.disconnect", "code": 1005})
    await gateway.serve({"type": "websocket"}, peer.inbox.get, peer.send)
    assert gateway._audience.members == {}
    assert gateway._audience.by_session == {}
    assert gateway._audience._watchers == {}
    assert gateway._census.total == 0
    assert not [message for message in peer.sent if message["type"] == "websocket.close"]
    await gateway.close()


async def test_an_address_has_so_many_connections_and_gets_room_back(services: Services) -> None:
    gateway = LiveGateway(services, StreamLimits(connections_per_address=2, auth_s=1e6))
    scopes = [{"type": "websocket", "rookery.client_ip": f"192.0.2.{last}"} for last in (1, 1, 2)]
    peers = [Peer() for _ in scopes]
    handlers = [
        asyncio.create_task(gateway.serve(scope, peer.inbox.get, peer.send))
        for scope, peer in zip(scopes, peers, strict=True)
    ]
    for peer in peers:
        await peer.heard(1)
    refused = Peer()
    await gateway.serve(scopes[0], refused.inbox.get, refused.send)
    assert refused.sent[-1]["code"] == 4429
    peers[0].inbox.put_nowait({"type": "websocket.disconnect", "code": 1005})
    await handlers[0]
    welcome = Peer()
    handlers.append(asyncio.create_task(gateway.serve(scopes[0], welcome.inbox.get, welcome.send)))
    await welcome.heard(1)
    await gateway.close()
    await asyncio.wait_for(asyncio.gather(*handlers), 20)
    assert [peer.sent[-1]["code"] for peer in (*peers[1:], welcome)] == [1001] * 3
