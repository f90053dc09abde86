"""The gateway's own end: who comes, who goes, and what is left of them."""

import asyncio

from rookery.gateway.stream.limits import StreamLimits
from rookery.gateway.stream.metrics import CONNECTIONS
from rookery.gateway.wiring import Services
from tests.gateway.stream.clients import StreamClient
from tests.gateway.stream.raw import RawClient, handshake
from tests.gateway.stream.stage import staged
from tests.people import Person


async def test_shutting_down_tells_everybody_to_come_back(ana: Person, services: Services) -> None:
    before = CONNECTIONS._value.get()
    async with staged(services) as stage:
        clients = [await StreamClient.connect(stage.url, token) for token in (ana.token, ana.token, None)]
        await clients[0].subscribe("home")
        assert CONNECTIONS._value.get() == before + 3
        closing = asyncio.create_task(stage.gateway.close())
        assert [await client.closed() for client in clients] == [1001, 1001, 1001]
        await asyncio.wait_for(closing, 20)
        await stage.emptied()
    assert CONNECTIONS._value.get() == before


async def test_who_leaves_leaves_nothing_behind(ana: Person, services: Services) -> None:
    async with staged(services) as stage:
        for leave in ("close", "drop"):
            client = await StreamClient.connect(stage.url, ana.token)
            await client.subscribe("home", "notifications")
            assert list(stage.gateway._audience.members) == [int(ana.id)]
            if leave == "close":
                await client.socket.close()
            else:
                client.drop()
            await stage.emptied()
            assert stage.gateway._audience.members == {}
            assert stage.gateway._audience.by_session == {}
            assert stage.gateway._audience._watchers == {}
            assert stage.gateway._census.total == 0
            assert stage.gateway._clock._calendar == {}


async def test_an_address_has_so_many_connections_and_gets_room_back(services: Services) -> None:
    async with staged(services, StreamLimits(connections_per_address=2, auth_s=1e6)) as stage:
        first, second = [await RawClient.opened(stage.url) for _ in range(2)]
        refused = await RawClient.connect(stage.url)
        refused.say(handshake(stage.url))
        answer = await refused.answer()
        assert (answer.status, answer.problem()["code"]) == (429, "rate_limited")
        assert int(answer.headers["retry-after"]) > 0
        await refused.ended()
        await first.leave()
        while stage.gateway._census.total > 1:
            await asyncio.sleep(0.01)
        welcome = await RawClient.opened(stage.url)
        for client in (second, welcome, refused):
            await client.leave()
        await stage.emptied()


async def test_a_full_server_says_so(services: Services) -> None:
    async with staged(services, StreamLimits(connections=1)) as stage:
        first, refused = await RawClient.opened(stage.url), await RawClient.connect(stage.url)
        refused.say(handshake(stage.url))
        answer = await refused.answer()
        assert (answer.status, answer.problem()["code"]) == (503, "unavailable")
        assert int(answer.headers["retry-after"]) > 0
        for client in (first, refused):
            await client.leave()
        await stage.emptied()
