"""Likes, reposts and bookmarks."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from rookery.kit.database import Database
from tests.people import Person, ok
from tests.posts.looking import refused
from tests.queries import recorded_queries

Settle = Callable[[], Awaitable[None]]

MARKS = [("like", "liked"), ("repost", "reposted"), ("bookmark", "bookmarked")]


async def events(database: Database, user_id: str) -> int:
    """How many events of a user are in the log."""
    async with database.connection() as connection:
        count: int = await connection.fetchval("SELECT count(*) FROM bus.outbox WHERE key = $1", int(user_id))
    return count


@pytest.mark.parametrize(("act", "flag"), MARKS)
async def test_marks_show_at_once_and_only_to_their_owner(ana: Person, ben: Person, act: str, flag: str) -> None:
    path = f"/v1/posts/{(await ana.post('markable'))['id']}"
    none = {"liked": False, "reposted": False, "bookmarked": False}
    assert (await ben.put(f"{path}/{act}"))["viewer"] == {**none, flag: True}
    assert (await ben.get(path))["viewer"] == {**none, flag: True}
    assert (await ana.get(path))["viewer"] == none
    assert (await ben.delete(f"{path}/{act}"))["viewer"] == none
    assert (await ben.get(path))["viewer"] == none


@pytest.mark.parametrize(("act", "change"), [("like", 1), ("repost", 1), ("bookmark", 0)])
async def test_repeating_changes_nothing(ana: Person, ben: Person, database: Database, act: str, change: int) -> None:
    path = f"/v1/posts/{(await ana.post('once'))['id']}/{act}"
    before = await events(database, ben.id)
    for _ in range(3):
        await ben.put(path)
    assert await events(database, ben.id) == before + change
    for _ in range(3):
        await ben.delete(path)
    assert await events(database, ben.id) == before + 2 * change


@pytest.mark.parametrize(("act", "_"), MARKS)
async def test_what_is_not_seen_is_not_marked(
    ana: Person, ben: Person, client: httpx.AsyncClient, act: str, _: str
) -> None:
    made = await ana.post("hidden soon")
    path = f"/v1/posts/{made['id']}/{act}"
    for method in ("PUT", "DELETE"):
        refused(await client.request(method, path), 401, "unauthenticated")
        refused(await ben.request(method, f"/v1/posts/4711/{act}"), 404, "not_found")
    await ana.block(ben)
    for method in ("PUT", "DELETE"):
        refused(await ben.request(method, path), 404, "not_found")
    await ana.delete(f"/v1/posts/{made['id']}")
    for method in ("PUT", "DELETE"):
        refused(await ana.request(method, path), 404, "not_found")


async def test_protected_posts_are_reposted_by_their_author_only(ana: Person, ben: Person) -> None:
    await ben.follow(ana)
    await ana.protect()
    made = await ana.post("among us")
    refused(await ben.request("PUT", f"/v1/posts/{made['id']}/repost"), 403, "protected")
    assert (await ben.like(made))["viewer"]["liked"]
    assert (await ana.repost(made))["viewer"]["reposted"]


async def test_a_like_is_bound_to_the_revision_it_was_given_to(ana: Person, ben: Person, database: Database) -> None:
    made = await ana.post("harmless")
    await ben.like(made)
    ok(await ana.request("PATCH", f"/v1/posts/{made['id']}", json={"content": "outrageous"}))
    await ana.like(made)
    async with database.connection() as connection:
        rows = await connection.fetch("SELECT user_id, revision FROM posts.likes WHERE post_id = $1", int(made["id"]))
    assert {row["user_id"]: row["revision"] for row in rows} == {int(ben.id): 1, int(ana.id): 2}


async def test_marks_on_posts_below_the_horizon(ana: Person, ben: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rookery.posts.marks.MARKS_PER_KIND", 2)
    made = [await ana.post(f"number {number}") for number in range(6)]
    for post in made[:5]:
        await ben.like(post)
    await ben.put(f"/v1/posts/{made[0]['id']}/bookmark")
    seen = (await ben.get(f"/v1/users/{ana.id}/posts"))["data"]
    assert [item["viewer"]["liked"] for item in reversed(seen)] == [True] * 5 + [False]
    assert [item["viewer"]["bookmarked"] for item in reversed(seen)] == [True] + [False] * 5


async def test_a_like_takes_two_statements(ana: Person, ben: Person, database: Database, settle: Settle) -> None:
    made = await ana.post("warm")
    await settle()  # consumers use the same pool and caches
    await ben.get(f"/v1/posts/{made['id']}")
    with recorded_queries(database) as seen:
        await ben.like(made)
    assert len(seen) == 2, seen  # the like, and the marks as they are now
