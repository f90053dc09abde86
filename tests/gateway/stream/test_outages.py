"""Valkey goes away and comes back; connections stay, and nothing is lost in silence."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import websockets

from rookery.gateway.wiring import Services
from rookery.gateway.worker import Worker
from rookery.kit import live
from rookery.kit.cache import Cache, CacheError
from rookery.kit.settings import Settings
from tests.gateway.stream.clients import StreamClient, running_server
from tests.own_servers import own_valkey
from tests.people import Person


class Stage:
    """A server with a Valkey of its own, to which the test publishes what a worker would."""

    def __init__(self, valkey: Any, url: str) -> None:
        self.valkey = valkey
        self.url = url

    async def publish(self, author: Person, post: dict[str, Any], *, flush: bool = False) -> None:
        """Waits until Valkey takes it."""
        payload = f'{{"id":{post["id"]},"user_id":{author.id},"post_id":{post["id"]}}}'.encode()
        cache = Cache(self.valkey.url)
        await cache.open()
        try:
            async with asyncio.timeout(30):
                while True:
                    try:
                        if flush:
                            await cache.execute("FLUSHALL")
                        return await live.publish(cache, [live.LiveEvent(live.HOME, int(author.id), payload)])
                    except CacheError:
                        await asyncio.sleep(0.05)
        finally:
            await cache.close()


@asynccontextmanager
async def staged(settings: Settings) -> AsyncIterator[Stage]:
    async with own_valkey() as valkey, running_server(settings, cache_url=valkey.url) as url:
        yield Stage(valkey, url)


@pytest.fixture
async def stage(settings: Settings, services: Services, worker: Worker) -> AsyncIterator[Stage]:
    async with staged(settings) as stage:
        yield stage


async def test_a_restarted_valkey_is_a_gap_and_then_goes_on(ana: Person, stage: Stage) -> None:
    first, second = await ana.post("first"), await ana.post("second")
    async with await StreamClient.connect(stage.url, ana.token) as client:
        await client.subscribe("home")
        await stage.publish(ana, first)
        assert (await client.event())["data"]["content"] == "first"
        await stage.valkey.stop()
        assert await client.nothing_before_pong() == []
        await stage.valkey.start()
        await stage.publish(ana, second, flush=True)
        frames = [await client.next()]
        while frames[-1]["type"] != "event":
            frames.append(await client.next())
        assert {"type": "gap", "channels": ["home"]} in frames
        assert frames[-1]["data"]["content"] == "second"


async def test_a_revocation_that_was_not_heard_holds_before_the_next_event(ana: Person, stage: Stage) -> None:
    post = await ana.post("not for who was signed out")
    async with await StreamClient.connect(stage.url, ana.token) as client:
        await client.subscribe("home")
        await stage.valkey.stop()
        await ana.delete("/v1/sessions/current")  # heard by the Valkey of the tests only
        await stage.valkey.start()
        await stage.publish(ana, post)
        frames: list[dict[str, Any]] = []
        code = await closed_after(client, frames)
        assert code == 4401
        assert [frame for frame in frames if frame["type"] == "event"] == []


async def closed_after(client: StreamClient, frames: list[dict[str, Any]]) -> int:
    """Collects what comes until the server closes; its code."""
    async with asyncio.timeout(30):
        try:
            while True:
                frames.append(json.loads(await client.socket.recv()))
        except websockets.ConnectionClosed as end:
            return end.rcvd.code if end.rcvd is not None else 1006
