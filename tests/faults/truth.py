"""What must hold after every fault: what was acknowledged is there once, and counters equal what there is to count."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

from rookery.kit.database import Connection
from tests.faults.load import Load
from tests.faults.machine import PATIENCE_S, POLL_S, Machine
from tests.people import Person

PAGE = 100
HOMES_READ = 4  # newcomers whose home is paged to its end, besides everybody else's

# Accounts whose counters differ from what there is.
WRONG_ACCOUNTS = """
SELECT u.id, c.followers_count, t.followers, c.following_count, t.following, c.posts_count, t.posts
FROM users.users u
LEFT JOIN users.counters c ON c.user_id = u.id
CROSS JOIN LATERAL (SELECT
    (SELECT count(*) FROM users.follows f WHERE f.followee_id = u.id) AS followers,
    (SELECT count(*) FROM users.follows f WHERE f.follower_id = u.id) AS following,
    (SELECT count(*) FROM posts.posts p WHERE p.author_id = u.id AND p.deleted_at IS NULL) AS posts
) t
WHERE (coalesce(c.followers_count, 0), coalesce(c.following_count, 0), coalesce(c.posts_count, 0))
    <> (t.followers, t.following, t.posts)
LIMIT 5
"""
# Posts whose counters differ from what there is.
WRONG_POSTS = """
SELECT p.id, c.likes_count, t.likes, c.replies_count, t.replies
FROM posts.posts p
LEFT JOIN posts.counters c ON c.post_id = p.id
CROSS JOIN LATERAL (SELECT
    (SELECT count(*) FROM posts.likes l WHERE l.post_id = p.id) AS likes,
    (SELECT count(*) FROM posts.posts r WHERE r.reply_to_id = p.id AND r.deleted_at IS NULL) AS replies
) t
WHERE p.deleted_at IS NULL
    AND (coalesce(c.likes_count, 0), coalesce(c.replies_count, 0)) <> (t.likes, t.replies)
LIMIT 5
"""
LIKES_BY_OTHERS = """
SELECT l.post_id, count(*) FROM posts.likes l JOIN posts.posts p ON p.id = l.post_id
WHERE p.author_id = $1 AND l.user_id <> $1 GROUP BY l.post_id
"""
REPLIES_BY_OTHERS = "SELECT count(*) FROM posts.posts WHERE reply_to_author_id = $1 AND author_id <> $1"
FOLLOWERS = "SELECT count(*) FROM users.follows WHERE followee_id = $1"


async def converged(check: Callable[[], Awaitable[None]]) -> None:
    """Repeat a check until it holds; after PATIENCE_S its own failure is raised."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            await check()
            return
        except AssertionError:
            if time.monotonic() > deadline:
                raise
        await asyncio.sleep(10 * POLL_S)


async def check_truth(machine: Machine, load: Load) -> None:
    """Everything that a load leaves behind, over HTTP, and the tables against each other."""
    assert machine.errors() == []
    async with machine.database() as connection:
        await converged(lambda: check_tables(connection))
        assert await connection.fetchval("SELECT count(*) FROM bus.dead_letters") == 0
        for author in load.authors:
            await converged(lambda author=author: check_author(connection, load, author))  # type: ignore[misc]
            await converged(lambda author=author: check_notifications(connection, author))  # type: ignore[misc]
    everything = [post_id for posts in load.posts.values() for post_id in posts.values()]
    for person in [*load.authors, load.reader]:
        await converged(lambda person=person: check_home(person, everything))  # type: ignore[misc]
    for newcomer in load.newcomers[1:][-HOMES_READ:]:
        of_ana = list(load.posts[load.authors[0].id].values())
        await converged(lambda newcomer=newcomer, of_ana=of_ana: check_home(newcomer, of_ana))  # type: ignore[misc]


async def check_tables(connection: Connection) -> None:
    assert [dict(row) for row in await connection.fetch(WRONG_ACCOUNTS)] == []
    assert [dict(row) for row in await connection.fetch(WRONG_POSTS)] == []


async def check_author(connection: Connection, load: Load, author: Person) -> None:
    """The profile lists each acknowledged post once and nothing else; its counts are the tables'."""
    listed = await everything_of(author, f"/v1/users/{author.id}/posts", with_replies=True)
    assert Counter(post["content"] for post in listed) == Counter(load.posts[author.id].keys())
    assert {post["content"]: post["id"] for post in listed} == load.posts[author.id]
    counted = await connection.fetch("SELECT post_id, likes_count, replies_count FROM posts.counters")
    counts = {str(row["post_id"]): (row["likes_count"], row["replies_count"]) for row in counted}
    shown = {post["id"]: (post["likes_count"], post["replies_count"]) for post in listed}
    assert shown == {post_id: counts.get(post_id, (0, 0)) for post_id in shown}
    profile = await author.get(f"/v1/users/{author.id}")
    assert profile["posts_count"] == len(listed)
    assert profile["followers_count"] == await connection.fetchval(FOLLOWERS, int(author.id))


async def check_notifications(connection: Connection, author: Person) -> None:
    """Each like, reply and follow was told once."""
    told = await everything_of(author, "/v1/notifications")
    likes = {each["post"]["id"]: each["count"] for each in told if each["type"] == "like"}
    expected = await connection.fetch(LIKES_BY_OTHERS, int(author.id))
    assert likes == {str(row["post_id"]): row["count"] for row in expected}
    follows = [each["count"] for each in told if each["type"] == "follow"]
    assert sum(follows) == await connection.fetchval(FOLLOWERS, int(author.id))
    replies = [each["post"]["id"] for each in told if each["type"] == "reply"]
    assert len(set(replies)) == len(replies) == await connection.fetchval(REPLIES_BY_OTHERS, int(author.id))


async def check_home(person: Person, post_ids: list[str]) -> None:
    """The home timeline, paged to its end, is these posts, newest first, each once."""
    home = [item["id"] for item in await everything_of(person, "/v1/timelines/home")]
    assert home == sorted(post_ids, key=int, reverse=True)


async def everything_of(person: Person, path: str, **params: Any) -> list[dict[str, Any]]:
    """A list, paged to its end."""
    items: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        page = await person.get(path, limit=PAGE, **params, **({"cursor": cursor} if cursor else {}))
        items += page["data"]
        cursor = page["next_cursor"]
        if cursor is None:
            return items
