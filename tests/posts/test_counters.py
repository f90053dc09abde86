"""Counters: moved by the consumer only, once per event, whatever is delivered again."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from rookery.contracts.events import AnyEvent, LikeCreated, PostCreated
from rookery.kit.database import Database
from rookery.posts.consumers import subscriptions
from rookery.posts.service import Posts
from tests.people import Person
from tests.posts.looking import events_of
from tests.queries import recorded_queries

Settle = Callable[[], Awaitable[None]]


async def counts(person: Person, post: dict[str, Any]) -> tuple[int, int, int, int]:
    seen = await person.get(f"/v1/posts/{post['id']}")
    return seen["likes_count"], seen["reposts_count"], seen["replies_count"], seen["quotes_count"]


async def test_every_act_counts(ana: Person, ben: Person, cem: Person, settle: Settle) -> None:
    post = await ana.post("count me")
    for person in (ben, cem):
        await person.like(post)
    await ben.repost(post)
    replies = [await person.post("reply", reply_to_id=post["id"]) for person in (ana, ben, cem)]
    quote = await cem.post("quote", quote_of_id=post["id"])
    await settle()
    assert await counts(ana, post) == (2, 1, 3, 1)
    await ben.delete(f"/v1/posts/{post['id']}/like")
    await ben.delete(f"/v1/posts/{post['id']}/repost")
    await cem.delete(f"/v1/posts/{replies[2]['id']}")
    await cem.delete(f"/v1/posts/{quote['id']}")
    await settle()
    assert await counts(ana, post) == (1, 0, 2, 0)


async def test_a_reply_that_quotes_its_parent_counts_as_both(ana: Person, ben: Person, settle: Settle) -> None:
    post = await ana.post("count me")
    await ben.post("both", reply_to_id=post["id"], quote_of_id=post["id"])
    await settle()
    assert await counts(ana, post) == (0, 0, 1, 1)


async def test_a_replay_counts_nothing_twice(
    ana: Person, ben: Person, settle: Settle, posts: Posts, database: Database
) -> None:
    post = await ana.post("replay me")
    await ben.like(post)
    await ben.post("reply", reply_to_id=post["id"], quote_of_id=post["id"])
    await ben.delete(f"/v1/posts/{post['id']}/like")
    await ana.like(post)
    await settle()
    events = await events_of(database, ana, ben)
    (counters,) = subscriptions(posts)
    for batch in (events, events[::-1], events[:1], [*events, *events]):
        await counters.handle(batch)
    assert await counts(ana, post) == (1, 0, 1, 1)


async def test_two_members_with_the_same_batch_count_once(
    ana: Person, posts: Posts, database: Database, settle: Settle
) -> None:
    made = [await ana.post(f"post {number}") for number in range(5)]
    await settle()
    ids = posts.resources.ids
    likes: list[AnyEvent] = [
        LikeCreated(event_id=ids.next(), post_id=int(post["id"]), author_id=int(ana.id), user_id=user_id)
        for post in made
        for user_id in range(1, 21)
    ]
    (counters,) = subscriptions(posts)
    await asyncio.gather(*(counters.handle(batch) for batch in (likes, likes[::-1], likes, likes[50:])))
    assert [await counts(ana, post) for post in made] == [(20, 0, 0, 0)] * 5


async def test_a_batch_is_one_statement(ana: Person, posts: Posts, database: Database, settle: Settle) -> None:
    post = await ana.post("popular")
    await settle()
    ids = posts.resources.ids
    events: list[AnyEvent] = [
        PostCreated(event_id=ids.next(), post_id=ids.next(), author_id=number, reply_to_id=int(post["id"]))
        for number in range(200)
    ]
    (counters,) = subscriptions(posts)
    with recorded_queries(database) as seen:
        await counters.handle(events)
    assert len(seen) == 1
    assert await counts(ana, post) == (0, 0, 200, 0)


async def test_events_of_posts_that_are_gone_do_no_harm(ana: Person, posts: Posts) -> None:
    ids = posts.resources.ids
    like = LikeCreated(event_id=ids.next(), post_id=4711, author_id=1, user_id=2)
    (counters,) = subscriptions(posts)
    await counters.handle([like])
    await counters.handle([like])
