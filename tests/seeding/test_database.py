"""A seeded network in the database is the same to the API as one that came by the API."""

import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from rookery.cli.suggestions import rebuild_suggestions
from rookery.gateway.wiring import Services
from rookery.seeding.network import Wish
from rookery.seeding.run import seed_database
from rookery.seeding.shape import SeedError
from tests.people import PASSWORD, Person, ok

SEED = 77
WISH = Wish(users=60, posts=400, follows=600, seed=SEED, until_ms=int(time.time() * 1000))

COUNTERS = """
WITH seeded_users AS (
    SELECT c.* FROM users.counters c JOIN users.users u ON u.id = c.user_id WHERE u.username LIKE '%\\_77'
), seeded_posts AS (
    SELECT c.* FROM posts.counters c JOIN posts.posts p ON p.id = c.post_id
    WHERE p.author_id IN (SELECT user_id FROM seeded_users)
)
SELECT
    (SELECT count(*) FROM seeded_users c WHERE followers_count <>
        (SELECT count(*) FROM users.follows WHERE followee_id = c.user_id)) AS followers,
    (SELECT count(*) FROM seeded_users c WHERE following_count <>
        (SELECT count(*) FROM users.follows WHERE follower_id = c.user_id)) AS following,
    (SELECT count(*) FROM seeded_users c WHERE posts_count <>
        (SELECT count(*) FROM posts.posts WHERE author_id = c.user_id AND deleted_at IS NULL)) AS posts,
    (SELECT count(*) FROM seeded_posts c WHERE likes_count <>
        (SELECT count(*) FROM posts.likes WHERE post_id = c.post_id)) AS likes,
    (SELECT count(*) FROM seeded_posts c WHERE reposts_count <>
        (SELECT count(*) FROM posts.reposts WHERE post_id = c.post_id)) AS reposts,
    (SELECT count(*) FROM seeded_posts c WHERE replies_count <>
        (SELECT count(*) FROM posts.posts WHERE reply_to_id = c.post_id AND deleted_at IS NULL)) AS replies,
    (SELECT count(*) FROM seeded_posts c WHERE quotes_count <>
        (SELECT count(*) FROM posts.posts WHERE quote_of_id = c.post_id AND deleted_at IS NULL)) AS quotes
FROM (SELECT 1) one
"""


@pytest.fixture(scope="module")
async def star(services: Services, app: Any) -> AsyncIterator[Person]:
    """The most followed account of a network that this module seeds."""
    username, _ = await seed_database(services.resources.settings, WISH, PASSWORD, lambda *_: None)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://rookery.test") as client:
        grant = ok(await client.post("/v1/sessions", json={"login": username, "password": PASSWORD}))
        yield Person(client, grant, grant["user"]["email"])


async def test_counters_are_those_of_the_rows(star: Person, services: Services) -> None:
    async with services.resources.database.connection() as connection:
        wrong = await connection.fetchrow(COUNTERS)
    assert star.grant["user"]["followers_count"] > 0
    assert dict(wrong) == dict.fromkeys(dict(wrong), 0)


async def test_home_and_thread_read_like_any_other(star: Person) -> None:
    items = await star.home(limit=100)
    assert items
    reply = next(item for item in items if item["reply_to_id"])
    thread = await star.get(f"/v1/posts/{reply['id']}/thread")
    assert thread["ancestors"][-1]["id"] == reply["reply_to_id"]
    assert thread["post"]["conversation_id"] == thread["ancestors"][0]["id"]


async def test_entities_are_what_the_api_would_have_found(star: Person, ana: Person) -> None:
    """The same words, posted over HTTP, give the same entities."""
    items = [item for item in await star.home(limit=100) if item["entities"]["mentions"]]
    item = items[0]
    posted = await ana.post(item["content"])
    assert posted["entities"] == item["entities"]
    assert item["entities"]["mentions"][0]["user_id"] is not None


async def test_the_same_seed_twice_is_refused_and_changes_nothing(star: Person, services: Services) -> None:
    async def users() -> int:
        async with services.resources.database.connection() as connection:
            count: int = await connection.fetchval("SELECT count(*) FROM users.users WHERE username LIKE '%\\_77'")
            return count

    before = await users()
    assert before == WISH.users
    with pytest.raises(SeedError, match="--seed"):
        await seed_database(services.resources.settings, WISH, PASSWORD, lambda *_: None)
    assert await users() == before


async def test_who_comes_new_is_told_of_whom_many_follow(star: Person, ana: Person, services: Services) -> None:
    await rebuild_suggestions(services)
    page = await ana.get("/v1/users/me/suggestions", limit=50)
    (found,) = [each for each in page["data"] if each["user"]["id"] == star.id]
    assert found["why"]["source"] == "popular"
    assert found["why"]["followers_count"] == star.grant["user"]["followers_count"]


async def test_who_is_named_has_posted(star: Person) -> None:
    assert (await star.get(f"/v1/users/{star.id}/posts"))["data"]
