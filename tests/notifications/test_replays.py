"""Exactly once: replays, races, crashes and outages."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from rookery.contracts.events import AnyEvent, LikeCreated, LikeDeleted, PostDeleted
from rookery.gateway.wiring import Services
from rookery.kit import live
from rookery.kit.cache import CacheUnavailable
from rookery.notifications.announcer import Announcer, live_events
from rookery.notifications.consumers import NotificationConsumer
from rookery.notifications.repository import Announcement
from tests.notifications.test_kinds import gist, told
from tests.people import Person

Settle = Callable[[], Awaitable[None]]


@pytest.fixture
def consumer(services: Services) -> NotificationConsumer:
    return NotificationConsumer(services.notifications)


def like(services: Services, post: dict[str, Any], by: Person) -> LikeCreated:
    author_id = int(post["author"]["id"])
    event_id = services.resources.ids.next()
    return LikeCreated(event_id=event_id, post_id=int(post["id"]), author_id=author_id, user_id=int(by.id))


def unlike(services: Services, event: LikeCreated) -> LikeDeleted:
    event_id = services.resources.ids.next()
    return LikeDeleted(event_id=event_id, post_id=event.post_id, author_id=event.author_id, user_id=event.user_id)


async def test_a_replay_changes_nothing(
    ana: Person, ben: Person, cem: Person, services: Services, consumer: NotificationConsumer
) -> None:
    post = await ana.post("nice")
    first, second = like(services, post, ben), like(services, post, cem)
    events: list[AnyEvent] = [first, second, unlike(services, first)]
    for batch in (events, events, events[:1], events[1:], events[::-1]):
        await consumer.handle(batch)
        assert [gist(row) for row in await told(ana)] == [("like", 1, [cem.id])]


async def test_a_replay_without_its_memory_converges(
    ana: Person, ben: Person, cem: Person, services: Services, consumer: NotificationConsumer
) -> None:
    """As when kit.consumed has been cut and the log is read again from the beginning."""
    post = await ana.post("nice")
    first, second = like(services, post, ben), like(services, post, cem)
    events: list[AnyEvent] = [first, second, unlike(services, first)]
    await consumer.handle(events)
    async with services.resources.database.connection() as connection:
        ids = [event.event_id for event in events]
        await connection.execute("DELETE FROM kit.consumed WHERE event_id = ANY ($1::bigint[])", ids)
    for event in events:
        await consumer.handle([event])
    assert [gist(row) for row in await told(ana)] == [("like", 1, [cem.id])]


async def test_two_workers_with_the_same_batches(
    ana: Person, ben: Person, cem: Person, dee: Person, services: Services, consumer: NotificationConsumer
) -> None:
    """Every batch twice at once, in random cuts, while the reader marks everything as read."""
    posts = [await ana.post(str(number)) for number in range(5)]
    likes = [like(services, post, person) for post in posts for person in (ben, cem, dee)]
    chance = random.Random(3)

    async def work() -> None:
        start = 0
        while start < len(likes):
            size = chance.randint(1, 4)
            await consumer.handle(list(likes[start : start + size]))
            start += size

    async def read() -> None:
        for _ in range(10):
            await ana.request("POST", "/v1/notifications/read", json={})

    await asyncio.gather(work(), work(), work(), read())
    rows = await told(ana, limit=100)
    for post in posts:
        groups = [row for row in rows if row["post"]["id"] == post["id"]]
        assert sum(row["count"] for row in groups) == 3
        assert {actor["id"] for row in groups for actor in row["actors"]} == {ben.id, cem.id, dee.id}


async def test_opposite_orders_do_not_deadlock(
    ana: Person, ben: Person, cem: Person, services: Services, consumer: NotificationConsumer
) -> None:
    mine, theirs = await ana.post("mine"), await ben.post("theirs")
    for _ in range(10):
        there: list[AnyEvent] = [like(services, mine, cem), like(services, theirs, cem)]
        back: list[AnyEvent] = [unlike(services, each) for each in there[::-1] if isinstance(each, LikeCreated)]
        await asyncio.gather(consumer.handle(there), consumer.handle(back))


async def test_a_like_that_is_handled_after_the_deletion(
    ana: Person, ben: Person, services: Services, consumer: NotificationConsumer, settle: Settle
) -> None:
    post = await ana.post("short-lived")
    late = like(services, post, ben)
    event_id = services.resources.ids.next()
    await consumer.handle([PostDeleted(event_id=event_id, post_id=late.post_id, author_id=late.author_id)])
    await consumer.handle([late])
    assert await ana.get("/v1/notifications/unread-count") == {"unread_count": 0}


async def test_an_account_that_is_gone_stops_nobody(
    ana: Person, ben: Person, services: Services, consumer: NotificationConsumer
) -> None:
    post = await ana.post("nice")
    stray = LikeCreated(event_id=services.resources.ids.next(), post_id=5, author_id=5, user_id=int(ben.id))
    await consumer.handle([stray, unlike(services, stray), like(services, post, ben)])
    assert [gist(row) for row in await told(ana)] == [("like", 1, [ben.id])]


async def newest_announced(services: Services, user_id: str) -> list[bytes]:
    events = await live.read_newest(services.resources.cache, 200)
    about = [each.event for each in events if each.event.channel == live.NOTIFICATIONS]
    return [event.payload for event in about if event.about == int(user_id)]


async def test_a_batch_that_comes_again_after_a_crash_is_announced_again(
    ana: Person, ben: Person, services: Services, consumer: NotificationConsumer, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = like(services, await ana.post("nice"), ben)

    async def die(*_: object) -> None:
        raise RuntimeError("killed between commit and announcement")

    with monkeypatch.context() as dying:
        dying.setattr(Announcer, "announce", die)
        with pytest.raises(RuntimeError):
            await consumer.handle([event])
    assert await newest_announced(services, ana.id) == []
    await consumer.handle([event])
    assert len(await newest_announced(services, ana.id)) == 1
    assert [gist(row) for row in await told(ana)] == [("like", 1, [ben.id])]


async def test_an_old_event_is_not_announced_again(
    ana: Person, ben: Person, services: Services, consumer: NotificationConsumer, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = like(services, await ana.post("nice"), ben)
    await consumer.handle([event])
    monkeypatch.setattr("rookery.notifications.consumers.ANNOUNCED_AGAIN_MS", -1)
    await consumer.handle([event])
    assert len(await newest_announced(services, ana.id)) == 1


async def test_what_valkey_did_not_hear_is_told_later_and_in_order(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    announcer = Announcer(services.resources.cache)
    user_id = services.resources.ids.next()
    publish = live.publish
    failures = 2

    async def flaky(*arguments: Any) -> None:
        nonlocal failures
        if failures:
            failures -= 1
            raise CacheUnavailable("away")
        await publish(*arguments)

    monkeypatch.setattr(live, "publish", flaky)
    monkeypatch.setattr("rookery.notifications.announcer.RETRY_S", 0.01)
    for act_id in (1, 2, 3):
        await announcer.announce([Announcement(user_id, 1, act_id)])
    async with asyncio.timeout(20):
        while len(await newest_announced(services, str(user_id))) < 3:
            await asyncio.sleep(0.01)
    acts = [b'{"group_id":1,"act_id":%d}' % act_id for act_id in (1, 2, 3)]
    assert await newest_announced(services, str(user_id)) == acts


def test_one_announcement_for_each_group() -> None:
    acts = [Announcement(1, 10, 5), Announcement(1, 10, 7), Announcement(1, 11, 6), Announcement(2, 10, 8)]
    assert [(event.about, event.payload) for event in live_events(acts)] == [
        (1, b'{"group_id":10,"act_id":7}'),
        (1, b'{"group_id":11,"act_id":6}'),
        (2, b'{"group_id":10,"act_id":8}'),
    ]
