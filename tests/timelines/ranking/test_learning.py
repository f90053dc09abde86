"""What acts become: affinities, interests, baselines, heat; each event once, in any order, and bounded."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest

from rookery.contracts.consumers import Subscription
from rookery.contracts.events import AnyEvent, LikeCreated, PostCreated
from rookery.gateway.wiring import Services
from rookery.kit.ids import wall_clock_ms
from rookery.timelines.ranking.consumers import subscriptions
from rookery.timelines.ranking.decay import DAY_MS, HALF_LIFE_MS, fade, growth
from rookery.timelines.ranking.taste import SEEN_MAX, current
from rookery.timelines.ranking.upkeep import maintain
from rookery.timelines.ranking.weights import LIKE, QUOTE, REPLY, REPOST
from tests.people import Person
from tests.posts.looking import events_of

Settle = Callable[[], Awaitable[None]]

STATE = """
SELECT 'affinity' AS kind, reader_id::text || author_id AS key, value
FROM timelines.affinities WHERE reader_id = ANY ($1)
UNION ALL
SELECT 'interest', reader_id || kind::text || name, value FROM timelines.interests WHERE reader_id = ANY ($1)
UNION ALL
SELECT 'posts', author_id::text, posts FROM timelines.author_stats WHERE author_id = ANY ($1)
UNION ALL
SELECT 'engagement', author_id::text, engagement FROM timelines.author_stats WHERE author_id = ANY ($1)
UNION ALL
SELECT 'heat', post_id::text, heat FROM timelines.heat JOIN posts.posts ON id = post_id WHERE author_id = ANY ($1)
UNION ALL
SELECT 'replies', post_id::text, to_others * 1000 + to_self
FROM timelines.author_replies JOIN posts.posts ON id = post_id WHERE author_id = ANY ($1)
"""


@pytest.fixture
def learner(services: Services) -> Subscription:
    (found,) = subscriptions(services.timelines.for_you.repository, services.resources.invalidations)
    return found


async def state_of(services: Services, *people: Person) -> dict[tuple[str, str], float]:
    async with services.resources.database.connection() as connection:
        rows = await connection.fetch(STATE, [int(person.id) for person in people])
    return {(row["kind"], row["key"]): row["value"] for row in rows}


async def affinity(services: Services, reader: Person, author: Person) -> float:
    """As it counts now."""
    taste = await services.timelines.for_you.repository.taste(int(reader.id))
    return current(taste.affinities.get(int(author.id), 0.0), wall_clock_ms())


async def some_acts(ana: Person, ben: Person) -> dict[str, Any]:
    post: dict[str, Any] = await ana.post("A post #Learning #learning")
    await ben.like(post)
    await ben.repost(post)
    reply = await ben.post("A reply", reply_to_id=post["id"])
    await ana.post("An answer", reply_to_id=reply["id"])
    await ben.post("A quote", quote_of_id=post["id"])
    return post


async def test_acts_weigh_as_published(ana: Person, ben: Person, settle: Settle, services: Services) -> None:
    await some_acts(ana, ben)
    await settle()
    assert await affinity(services, ben, ana) == pytest.approx(LIKE + REPOST + REPLY + QUOTE, rel=1e-3)
    assert await affinity(services, ana, ben) == pytest.approx(REPLY, rel=1e-3)
    taste = await services.timelines.for_you.repository.taste(int(ben.id))
    assert set(taste.hashtags) == {"learning"}


async def test_what_is_taken_back_is_taken_away(ana: Person, ben: Person, settle: Settle, services: Services) -> None:
    post = await ana.post("A post #regret")
    await ben.like(post)
    await ben.repost(post)
    reply = await ben.post("A reply", reply_to_id=post["id"])
    await settle()
    await ben.delete(f"/v1/posts/{post['id']}/like")
    await ben.delete(f"/v1/posts/{post['id']}/repost")
    await ben.delete(f"/v1/posts/{reply['id']}")
    await settle()
    assert await affinity(services, ben, ana) == pytest.approx(0, abs=1e-3)
    state = await state_of(services, ana)
    assert state["engagement", ana.id] == pytest.approx(0, abs=1e-3 * growth(wall_clock_ms()))


async def test_own_acts_are_no_engagement(ana: Person, settle: Settle, services: Services) -> None:
    post = await ana.post("Mine")
    await ana.like(post)
    await ana.post("More of mine", reply_to_id=post["id"])
    await settle()
    state = await state_of(services, ana)
    assert state["engagement", ana.id] == 0
    assert ("affinity", ana.id + ana.id) not in state
    assert state["replies", post["id"]] == 1


async def test_a_replay_changes_nothing(
    ana: Person, ben: Person, settle: Settle, services: Services, learner: Subscription
) -> None:
    post = await some_acts(ana, ben)
    await ben.delete(f"/v1/posts/{post['id']}/like")
    await settle()
    before = await state_of(services, ana, ben)
    events = await events_of(services.resources.database, ana, ben)
    for batch in (events, events[::-1], events[:1]):
        await learner.handle(batch)
    assert await state_of(services, ana, ben) == before
    assert len(before) > 6


async def test_two_members_with_the_same_batch_learn_once(
    ana: Person, ben: Person, settle: Settle, services: Services, learner: Subscription
) -> None:
    """From the events of real acts under new ids, which nobody has consumed."""
    await some_acts(ana, ben)
    await settle()
    before = await affinity(services, ben, ana)
    again: list[AnyEvent] = [
        msgspec.structs.replace(event, event_id=services.resources.ids.next())
        for event in await events_of(services.resources.database, ana, ben)
    ]
    await asyncio.gather(*(learner.handle(batch) for batch in (again, again, again[::-1])))
    assert await affinity(services, ben, ana) == pytest.approx(2 * before, rel=1e-3)


async def test_events_of_what_is_gone_do_no_harm(services: Services, learner: Subscription) -> None:
    ids = services.resources.ids
    await learner.handle([LikeCreated(event_id=ids.next(), post_id=4711, author_id=1, user_id=2)])
    await learner.handle([PostCreated(event_id=ids.next(), post_id=4712, author_id=1, reply_to_id=4711)])


async def test_the_upkeep_forgets_what_has_faded(ana: Person, ben: Person, settle: Settle, services: Services) -> None:
    await some_acts(ana, ben)
    await settle()
    await maintain(services.resources)
    assert len(await state_of(services, ana, ben)) > 6
    await maintain(services.resources, now_ms=wall_clock_ms() + 600 * DAY_MS)
    assert await state_of(services, ana, ben) == {}


async def test_seen_is_bounded(ana: Person, services: Services) -> None:
    for start in range(0, SEEN_MAX + 600, 100):
        post_ids = [str(start + number + 1) for number in range(100)]
        await ana.request("POST", "/v1/timelines/for-you/seen", json={"post_ids": post_ids})
    async with services.resources.database.connection() as connection:
        kept = await connection.fetchval("SELECT count(*) FROM timelines.seen WHERE reader_id = $1", int(ana.id))
    assert SEEN_MAX <= kept <= SEEN_MAX + 100


async def test_all_of_it_goes_with_the_account(ana: Person, ben: Person, settle: Settle, services: Services) -> None:
    post = await some_acts(ana, ben)
    await ben.put(f"/v1/timelines/for-you/less/{post['id']}")
    await ben.request("POST", "/v1/timelines/for-you/seen", json={"post_ids": [post["id"]]})
    await ben.request("PATCH", "/v1/users/me/ranking", json={"half_life_hours": 24})
    await settle()
    async with services.resources.database.connection() as connection:
        await connection.execute("DELETE FROM users.users WHERE id = $1", int(ben.id))
        for table in ("rank_settings", "less", "seen", "affinities", "interests"):
            count = f"SELECT count(*) FROM timelines.{table} WHERE reader_id = $1"
            assert await connection.fetchval(count, int(ben.id)) == 0


def test_an_act_loses_half_in_30_days() -> None:
    now = wall_clock_ms()
    assert growth(now) / growth(now + HALF_LIFE_MS) == pytest.approx(0.5)
    assert fade(HALF_LIFE_MS) == pytest.approx(0.5)
    assert fade(-1) == 1
