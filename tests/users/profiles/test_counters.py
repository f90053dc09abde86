"""Counters of accounts, through their consumer."""

import asyncio
import itertools
from collections.abc import Iterator

import msgspec
import pytest

from rookery.contracts.events import AnyEvent, FollowCreated, FollowDeleted, PostCreated, PostDeleted, UserUpdated
from rookery.gateway.wiring import Services
from rookery.users.consumers import COUNTERS_GROUP
from tests.people import Person


@pytest.fixture
def event_ids(services: Services) -> Iterator[int]:
    return (services.resources.ids.next() for _ in itertools.count())


async def count(services: Services, *events: AnyEvent) -> None:
    """Hand a batch to the consumer."""
    await next(each for each in services.subscriptions() if each.group == COUNTERS_GROUP).handle(list(events))


async def counts(person: Person) -> tuple[int, int, int]:
    user = await person.get(f"/v1/users/{person.id}")
    return user["followers_count"], user["following_count"], user["posts_count"]


async def test_a_batch_adds_up(services: Services, event_ids: Iterator[int], ana: Person, ben: Person) -> None:
    a, b = int(ana.id), int(ben.id)
    await count(
        services,
        FollowCreated(event_id=next(event_ids), follower_id=a, followee_id=b),
        FollowDeleted(event_id=next(event_ids), follower_id=a, followee_id=b),
        FollowCreated(event_id=next(event_ids), follower_id=a, followee_id=b),
        *(PostCreated(event_id=next(event_ids), post_id=n, author_id=a) for n in range(1, 4)),
        PostDeleted(event_id=next(event_ids), post_id=1, author_id=a),
        UserUpdated(event_id=next(event_ids), user_id=a),
    )
    assert await counts(ana) == (0, 1, 2)
    assert await counts(ben) == (1, 0, 0)


async def test_replays_and_repeats_count_once(services: Services, event_ids: Iterator[int], ana: Person) -> None:
    events = [PostCreated(event_id=next(event_ids), post_id=n, author_id=int(ana.id)) for n in range(1, 4)]
    await count(services, *events[:2])
    await count(services, *events, *events)
    assert await counts(ana) == (0, 0, 3)


async def test_batches_at_once_do_not_deadlock(
    services: Services, event_ids: Iterator[int], ana: Person, ben: Person, cem: Person, dee: Person
) -> None:
    ring = [int(person.id) for person in (ana, ben, cem, dee)]
    batches = []
    for turn in range(20):
        order = ring[turn % 4 :] + ring[: turn % 4]
        pairs = zip(order, order[1:] + order[:1], strict=True)
        batches.append([FollowCreated(event_id=next(event_ids), follower_id=a, followee_id=b) for a, b in pairs])
    await asyncio.gather(*(count(services, *batch) for batch in batches))
    for person in (ana, ben, cem, dee):
        assert await counts(person) == (20, 20, 0)


async def test_people_who_are_gone_are_passed_over(services: Services, event_ids: Iterator[int], ana: Person) -> None:
    await count(services, FollowCreated(event_id=next(event_ids), follower_id=4242, followee_id=int(ana.id)))
    assert await counts(ana) == (1, 0, 0)


async def test_many_followers_make_a_pulled_author_for_good(
    services: Services, event_ids: Iterator[int], monkeypatch: pytest.MonkeyPatch, ana: Person, ben: Person, cem: Person
) -> None:
    resources = services.resources
    monkeypatch.setattr(resources, "settings", msgspec.structs.replace(resources.settings, fanout_threshold=2))
    a, b, c = int(ana.id), int(ben.id), int(cem.id)

    async def pulled() -> bool:
        return (await services.users.authors([a]))[a].pulled

    await count(services, FollowCreated(event_id=next(event_ids), follower_id=b, followee_id=a))
    assert not await pulled()
    await count(services, FollowCreated(event_id=next(event_ids), follower_id=c, followee_id=a))
    assert await pulled()
    await count(services, FollowDeleted(event_id=next(event_ids), follower_id=c, followee_id=a))
    assert await pulled()
    assert a in await services.users.pulled_authors()
