"""The read model made anew: all that should be there comes, all else goes, and what is written meanwhile stays."""

import asyncio
from typing import Any

from rookery.gateway.wiring import Services
from rookery.search.reindex import reindex
from tests.people import Person, ok
from tests.search.searching import Settle, found, found_ids

OLD_GHOST = 7 << 16


async def again(services: Services) -> list[tuple[str, int]]:
    told: list[tuple[str, int]] = []
    await reindex(services.search.indexer, services.posts, services.users, lambda *each: told.append(each))
    return told


async def run(services: Services, statement: str, *arguments: Any) -> None:
    async with services.resources.database.connection() as connection:
        await connection.execute(statement, *arguments)


async def test_what_was_lost_comes_back_and_what_is_too_much_goes(
    ana: Person, ben: Person, services: Services, settle: Settle
) -> None:
    post = await ana.post(f"lost and #found_{ana.username}")
    await ben.like(post)
    await settle()
    await run(services, "DELETE FROM search.posts WHERE author_id = $1", int(ana.id))
    await run(services, "DELETE FROM search.tag_uses WHERE author_id = $1", int(ana.id))
    await run(services, "DELETE FROM search.engagement WHERE post_id = $1", int(post["id"]))
    await run(services, "DELETE FROM search.authors WHERE id = $1", int(ana.id))
    ghost = "INSERT INTO search.posts VALUES ($1, $2, 1, 'en', 'ghost')"
    await run(services, ghost, OLD_GHOST, int(ana.id))
    assert await found(ben, f"lost {ana.username}") == []
    told = await again(services)
    assert {what for what, _ in told} == {"accounts", "posts"}
    assert await found_ids(ben, f"lost min_likes:1 #found_{ana.username}") == [post["id"]]
    assert (await ben.get("/v1/search/users", q=ana.username))["data"][0]["id"] == ana.id
    (tag,) = (await ben.get("/v1/search/hashtags", q=f"found_{ana.username}"))["data"]
    assert tag["posts_count"] == 1
    async with services.resources.database.connection() as connection:
        left = await connection.fetchval("SELECT terms::text FROM search.posts WHERE id = $1", OLD_GHOST)
    assert left == ""


async def test_nothing_written_meanwhile_is_lost(ana: Person, ben: Person, services: Services, settle: Settle) -> None:
    """Reindexing goes round and round while posts are written, edited and deleted."""
    mark, writing = ana.username, True

    async def go_round() -> int:
        rounds = 0
        while writing or not rounds:
            await again(services)
            rounds += 1
        return rounds

    rounds = asyncio.create_task(go_round())
    kept: list[str] = []
    for number in range(30):
        post = await ana.post(f"first {mark} {number}")
        if number % 3 == 0:
            await ana.delete(f"/v1/posts/{post['id']}")
            continue
        kept.append(post["id"])
        if number % 3 == 1:
            change = {"content": f"second {mark} {number}"}
            ok(await ana.request("PATCH", f"/v1/posts/{post['id']}", json=change))
    writing = False
    assert await rounds >= 1
    await settle()
    assert await found_ids(ben, mark, limit=100) == kept[::-1]
    assert len(await found(ben, f"second {mark}", limit=100)) == 10
    assert len(await found(ben, f"first {mark}", limit=100)) == 10
    async with services.resources.database.connection() as connection:
        rows = await connection.fetch(
            "SELECT revision, terms::text FROM search.posts WHERE author_id = $1 AND revision > 2", int(ana.id)
        )
    assert len(rows) == 10 and {row["terms"] for row in rows} == {""}


async def test_a_page_read_before_a_deletion_brings_nothing_back(
    ana: Person, services: Services, settle: Settle
) -> None:
    post = await ana.post(f"#late_{ana.username} soon gone")
    await settle()
    stale = await services.posts.stored_posts([int(post["id"])])
    await ana.delete(f"/v1/posts/{post['id']}")
    await settle()
    assert await services.search.indexer.store_posts(stale) == set()
    assert await found(ana, f"#late_{ana.username}") == []
