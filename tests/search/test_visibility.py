"""Nobody finds what they may not or will not see, and every change holds at once, also before the index knows of it."""

from typing import Any

import httpx
import pytest

from rookery.gateway.wiring import Services
from rookery.search.consumers import subscriptions
from tests.people import Person, ok, sign_up
from tests.posts.looking import events_of, refused
from tests.search.searching import PATH, Settle, found


async def signed_out(client: httpx.AsyncClient, query: str) -> list[str]:
    return [post["content"] for post in ok(await client.get(PATH, params={"q": query}))["data"]]


async def test_strangers_followers_blocked_and_muting(
    ana: Person, ben: Person, cem: Person, dee: Person, client: httpx.AsyncClient, settle: Settle
) -> None:
    text = f"secret {ana.username}"
    await ana.post(text)
    await ben.follow(ana)
    await settle()
    assert await signed_out(client, text) == [text]
    for person in (ana, ben, cem, dee):
        assert await found(person, text) == [text]
    await ana.protect()
    await ana.block(dee)
    for indexed in (False, True):
        assert await signed_out(client, text) == []
        assert await found(ana, text) == await found(ben, text) == [text]
        assert await found(cem, text) == await found(dee, text) == [], indexed
        await settle()
    await ana.protect(False)
    await settle()
    assert await found(cem, text) == [text]
    await cem.mute(ana)
    assert await found(cem, text) == []
    await ben.block(ana)
    assert await found(ben, text) == await found(dee, text) == []


async def test_pages_are_full_though_much_is_hidden(ana: Person, ben: Person, cem: Person, settle: Settle) -> None:
    for number in range(12):
        await (ben if number % 2 else ana).post(f"post {number} {ana.username}")
    await settle()
    await cem.block(ben)
    page = await cem.get(PATH, q=ana.username, order="latest", limit=6)
    assert len(page["data"]) == 6 and page["next_cursor"] is None
    page = await cem.get(PATH, q=ana.username, limit=5)
    assert len(page["data"]) == 5 and page["next_cursor"] is not None


async def test_deletions_and_edits_hold_before_the_index_knows(ana: Person, services: Services, settle: Settle) -> None:
    kept, gone = await ana.post(f"first words {ana.username}"), await ana.post(f"gone words {ana.username}")
    await settle()
    await ana.delete(f"/v1/posts/{gone['id']}")
    ok(await ana.request("PATCH", f"/v1/posts/{kept['id']}", json={"content": f"other text {ana.username}"}))
    for _ in range(2):
        assert await found(ana, f"words {ana.username}") == []
        assert (await ana.get(PATH, q=f"words {ana.username}"))["data"] == []
        await settle()
    assert await found(ana, f"other {ana.username}") == [f"other text {ana.username}"]


async def test_replays_change_nothing(ana: Person, ben: Person, services: Services, settle: Settle) -> None:
    post, gone = await ana.post(f"#replayed_{ana.username} once"), await ana.post(f"gone {ana.username}")
    await ben.like(post)
    ok(await ana.request("PATCH", f"/v1/posts/{post['id']}", json={"content": f"#replayed_{ana.username} twice"}))
    await ana.delete(f"/v1/posts/{gone['id']}")
    await settle()
    database = services.resources.database
    before = await contents(services, int(ana.id))
    events = await events_of(database, ana, ben)
    for subscription in subscriptions(services.search.indexer):
        await subscription.handle(events)
        await subscription.handle(events[:1])
    assert await contents(services, int(ana.id)) == before
    assert await found(ana, f"#replayed_{ana.username} min_likes:1") == [f"#replayed_{ana.username} twice"]
    assert await found(ana, f"min_likes:2 {ana.username}") == []


async def contents(services: Services, author_id: int) -> list[Any]:
    """All that search keeps of an author's posts."""
    queries = (
        "SELECT id, revision, lang, terms::text FROM search.posts WHERE author_id = $1 ORDER BY id",
        "SELECT * FROM search.tag_uses WHERE author_id = $1 ORDER BY tag, post_id",
        "SELECT e.* FROM search.engagement e JOIN search.posts p ON p.id = e.post_id WHERE p.author_id = $1 ORDER BY 1",
        "SELECT h.tag, h.posts, h.authors FROM search.hashtags h"
        " WHERE tag IN (SELECT tag FROM search.tag_uses WHERE author_id = $1) ORDER BY 1",
    )
    async with services.resources.database.connection() as connection:
        return [[tuple(row) for row in await connection.fetch(query, author_id)] for query in queries]


async def test_accounts_that_a_block_separates(ana: Person, ben: Person, client: httpx.AsyncClient) -> None:
    stranger = await sign_up(client, "eve")
    await ana.block(ben)
    for path in ("/v1/search/users", "/v1/search/typeahead"):
        answer = await ben.get(path, q=ana.username)
        assert ana.id not in [user["id"] for user in answer.get("data", answer.get("users"))]
        answer = await stranger.get(path, q=ben.username)
        assert ana.id not in [user["id"] for user in answer.get("data", answer.get("users"))]


@pytest.mark.parametrize("act", ["protect", "block", "mute", "delete", "edit"])
async def test_hashtags_that_only_hidden_people_use(
    ana: Person, ben: Person, client: httpx.AsyncClient, settle: Settle, act: str
) -> None:
    tag = f"only_{ana.username}"
    post = await ana.post(f"#{tag}")
    await settle()
    suggested = {"tag": tag, "posts_count": 1, "authors_count": 1}
    assert (await ben.get("/v1/search/hashtags", q=tag[:14]))["data"] == [suggested]
    assert (await ben.get("/v1/search/typeahead", q=f"#{tag[:14]}"))["hashtags"] == [suggested]
    match act:
        case "protect":
            await ana.protect()
        case "block":
            await ana.block(ben)
        case "mute":
            await ben.mute(ana)
        case "delete":
            await ana.delete(f"/v1/posts/{post['id']}")
        case _:
            ok(await ana.request("PATCH", f"/v1/posts/{post['id']}", json={"content": "nothing"}))
    for _ in range(2):
        assert (await ben.get("/v1/search/hashtags", q=tag))["data"] == []
        assert (await ben.get("/v1/search/typeahead", q=f"#{tag}"))["hashtags"] == []
        if act in ("protect", "delete", "edit"):
            assert ok(await client.get("/v1/search/hashtags", params={"q": tag}))["data"] == []
        await settle()


@pytest.mark.parametrize("path", ["users", "hashtags", "typeahead"])
async def test_what_names_are_refused(ana: Person, path: str) -> None:
    for query in ("", "x" * 101):
        refused(await ana.request("GET", f"/v1/search/{path}", params={"q": query}), 400, "invalid", "q")
    refused(await ana.request("GET", f"/v1/search/{path}"), 400, "invalid", "q")
