"""Resuming: nothing lost, nothing twice, in order, whenever the connection breaks; a gap is said where it cannot be."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable

from rookery.gateway.wiring import Services
from rookery.kit import live
from rookery.kit.settings import Settings
from tests.gateway.stream.clients import StreamClient, running_server
from tests.gateway.stream.conftest import Connect
from tests.people import Person

Settle = Callable[[], Awaitable[None]]

BURST = 200


async def post_all(author: Person, count: int, prefix: str = "") -> None:
    for number in range(count):
        await author.post(f"{prefix}{number}")


async def test_a_burst_with_broken_connections_arrives_exactly_once(ana: Person, ben: Person, stream_url: str) -> None:
    await ana.follow(ben)
    received: list[str] = []
    ids: list[str] = []
    cuts = random.Random(7)
    client = await StreamClient.connect(stream_url, ana.token)
    await client.subscribe("home")
    last = client.position
    posting = asyncio.create_task(post_all(ben, BURST))
    drops = 0
    while len(received) < BURST:
        remaining = cuts.randint(5, 40)
        while remaining and len(received) < BURST:
            event = await client.event()
            received.append(event["data"]["content"])
            ids.append(event["id"])
            last = event["id"]
            remaining -= 1
        client.drop()
        drops += 1
        client = await StreamClient.connect(stream_url, ana.token)
        await client.subscribe("home", after=last)
    await posting
    assert drops >= 5
    assert received == [str(number) for number in range(BURST)]
    assert ids == sorted(ids, key=live.parse_id)
    assert await client.nothing_before_pong() == []
    client.drop()


async def test_both_channels_come_back_in_one_order(ana: Person, ben: Person, connect: Connect, settle: Settle) -> None:
    await ana.follow(ben)
    first = await connect(ana, "home", "notifications")
    first.drop()
    for number in range(5):
        await ben.post(f"{number} @{ana.username}")
    await settle()
    client = await connect(ana, "home", "notifications", after=first.position)
    events = [await client.event() for _ in range(10)]
    ids = [live.parse_id(event["id"]) for event in events]
    assert ids == sorted(ids)
    for channel in ("home", "notifications"):
        post = [event["data"] for event in events if event["channel"] == channel]
        contents = [(each if channel == "home" else each["post"])["content"] for each in post]
        assert contents == [f"{number} @{ana.username}" for number in range(5)]
    assert await client.nothing_before_pong() == []


async def test_resuming_at_the_end_brings_nothing(ana: Person, connect: Connect) -> None:
    client = await connect(ana, "home")
    await ana.post("seen")
    event = await client.event()
    again = await connect(ana, "home", after=event["id"])
    assert await again.nothing_before_pong() == []
    await ana.post("next")
    assert (await again.event())["data"]["content"] == "next"


async def test_what_was_deleted_or_hidden_meanwhile_does_not_come_back(
    ana: Person, ben: Person, cem: Person, connect: Connect, settle: Settle
) -> None:
    await ana.follow(ben)
    await ana.follow(cem)
    first = await connect(ana, "home")
    gone = await ben.post("deleted")
    await cem.post("blocked")
    await ben.post("kept")
    await ben.delete(f"/v1/posts/{gone['id']}")
    await cem.block(ana)
    await settle()
    client = await connect(ana, "home", after=first.position)
    assert (await client.event())["data"]["content"] == "kept"
    deletion = await client.event()
    assert (deletion["event"], deletion["data"]) == ("post.deleted", {"id": gone["id"]})
    assert await client.nothing_before_pong() == []


async def test_a_second_server_resumes_what_the_first_began(
    ana: Person, ben: Person, connect: Connect, settings: Settings, settle: Settle
) -> None:
    await ana.follow(ben)
    first = await connect(ana, "home")
    await ben.post("seen")
    last = (await first.event())["id"]
    await post_all(ben, 30)
    await settle()
    async with running_server(settings) as url, await StreamClient.connect(url, ana.token) as client:
        await client.subscribe("home", after=last)
        assert [(await client.event())["data"]["content"] for _ in range(30)] == [str(each) for each in range(30)]
        await ben.post("live")
        assert (await client.event())["data"]["content"] == "live"


async def test_a_flushed_log_is_a_gap(
    ana: Person, ben: Person, connect: Connect, services: Services, settle: Settle
) -> None:
    await ana.follow(ben)
    open_client = await connect(ana, "home", "notifications")
    await ben.post("before")
    last = (await open_client.event())["id"]
    await services.resources.cache.execute("FLUSHALL")
    assert await open_client.next() == {"type": "gap", "channels": ["home", "notifications"]}
    await ben.post("after")
    assert (await open_client.event())["data"]["content"] == "after"
    await settle()
    client = await connect(ana, "home", after=last)
    assert await client.next() == {"type": "gap", "channels": ["home"]}
    assert await client.nothing_before_pong() == []
    await ben.post("and on")
    assert (await client.event())["data"]["content"] == "and on"


async def test_an_id_from_nowhere_is_a_gap(ana: Person, connect: Connect) -> None:
    for unknown in ("1-0", f"{int(time.time() * 1000) + 10**9}-0"):
        client = await connect(ana, "home", after=unknown)
        assert await client.next() == {"type": "gap", "channels": ["home"]}
        await ana.post("goes on")
        assert (await client.event())["data"]["content"] == "goes on"


async def test_a_repeated_publication_comes_once(
    ana: Person, connect: Connect, services: Services, settle: Settle
) -> None:
    client = await connect(ana, "home")
    await ana.post("once")
    await client.event()
    await settle()
    newest = await live.read_newest(services.resources.cache, 1)
    await live.publish(services.resources.cache, [newest[-1].event])
    await ana.post("next")
    assert (await client.event())["data"]["content"] == "next"
    again = await connect(ana, "home", after=client.position)
    assert [(await again.event())["data"]["content"] for _ in range(2)] == ["once", "next"]
    assert await again.nothing_before_pong() == []
