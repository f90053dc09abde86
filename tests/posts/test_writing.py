"""Creating, reading and deleting posts over HTTP."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from rookery.kit.database import Database
from rookery.kit.ids import MAX_ID
from rookery.posts.service import Posts
from tests.people import Person
from tests.posts.looking import entry_of, items, refused
from tests.queries import recorded_queries

Settle = Callable[[], Awaitable[None]]


async def test_a_post_is_answered_as_it_is_read(ana: Person, ben: Person) -> None:
    made = await ana.post("Hello #birds $EUR https://example.org \U0001f426")
    assert made == await ben.get(f"/v1/posts/{made['id']}")
    assert made["author"]["id"] == ana.id
    assert made["conversation_id"] == made["id"]
    assert made["revision"] == 1
    assert made["viewer"] == {"liked": False, "reposted": False, "bookmarked": False}
    assert made["entities"]["hashtags"] == [{"tag": "birds", "start": 6, "end": 12}]
    assert made["entities"]["cashtags"] == [{"symbol": "EUR", "start": 13, "end": 17}]
    assert made["entities"]["urls"] == [{"url": "https://example.org", "start": 18, "end": 37}]


async def test_a_signed_out_reader_has_no_marks(ana: Person, client: httpx.AsyncClient) -> None:
    made = await ana.post("for everyone")
    seen = (await client.get(f"/v1/posts/{made['id']}")).json()
    assert seen == {**made, "viewer": None}


async def test_content_is_normalised_and_trimmed(ana: Person) -> None:
    made = await ana.post("  \n cafe\u0301\r\nau lait \t")
    assert made["content"] == "caf\u00e9\nau lait"


async def test_mentions_name_the_accounts_that_exist(ana: Person, ben: Person) -> None:
    made = await ana.post(f"@{ben.username.upper()} and @nobody__here__")
    known, unknown = made["entities"]["mentions"]
    assert (known["user_id"], known["start"], known["end"]) == (ben.id, 0, len(ben.username) + 1)
    assert (unknown["username"], unknown["user_id"]) == ("nobody__here__", None)


async def test_a_reply_joins_the_conversation(ana: Person, ben: Person) -> None:
    first = await ana.post("first")
    second = await ben.post("second", reply_to_id=first["id"])
    third = await ana.post("third", reply_to_id=second["id"])
    assert third["conversation_id"] == second["conversation_id"] == first["id"]
    assert third["reply_to_id"] == second["id"]
    assert third["reply_to_author"]["id"] == ben.id


async def test_a_quote_shows_what_it_quotes(ana: Person, ben: Person, cem: Person) -> None:
    quoted = await ana.post("original", quote_of_id=(await cem.post("deeper"))["id"])
    quote = await ben.post("look at this", quote_of_id=quoted["id"])
    assert quote["quote_of_id"] == quoted["id"]
    assert quote["quote_of"]["unavailable"] is None
    assert quote["quote_of"]["post"] == {**quoted, "quote_of": None}


async def test_a_deleted_quote_is_unavailable(ana: Person, ben: Person) -> None:
    quoted = await ana.post("original")
    quote = await ben.post("look", quote_of_id=quoted["id"])
    await ana.delete(f"/v1/posts/{quoted['id']}")
    seen = await ben.get(f"/v1/posts/{quote['id']}")
    assert seen["quote_of"] == {"id": quoted["id"], "unavailable": "deleted", "post": None}


async def test_a_quoted_blocker_is_forbidden(ana: Person, ben: Person, cem: Person) -> None:
    quoted = await ana.post("original")
    quote = await ben.post("look", quote_of_id=quoted["id"])
    await ana.block(cem)
    seen = await cem.get(f"/v1/posts/{quote['id']}")
    assert seen["quote_of"] == {"id": quoted["id"], "unavailable": "forbidden", "post": None}


async def test_deleting_empties_the_post(ana: Person, ben: Person, database: Database) -> None:
    made = await ana.post("to be forgotten")
    await ana.request("PATCH", f"/v1/posts/{made['id']}", json={"content": "to be really forgotten"})
    assert (await ana.request("DELETE", f"/v1/posts/{made['id']}")).status_code == 204
    for person in (ana, ben):
        refused(await person.request("GET", f"/v1/posts/{made['id']}"), 404, "not_found")
    refused(await ana.request("DELETE", f"/v1/posts/{made['id']}"), 404, "not_found")
    async with database.connection() as connection:
        post_id = int(made["id"])
        stored = await connection.fetchrow("SELECT content, entities FROM posts.posts WHERE id = $1", post_id)
        assert tuple(stored) == ("", "{}")
        assert not await connection.fetchval("SELECT count(*) FROM posts.revisions WHERE post_id = $1", post_id)


async def test_only_the_author_deletes(ana: Person, ben: Person, client: httpx.AsyncClient) -> None:
    path = f"/v1/posts/{(await ana.post('mine'))['id']}"
    refused(await ben.request("DELETE", path), 403, "forbidden")
    refused(await client.delete(path), 401, "unauthenticated")
    await ana.block(ben)
    refused(await ben.request("DELETE", path), 404, "not_found")
    await ana.get(path)


async def test_posts_of_protected_accounts_are_for_followers(ana: Person, ben: Person, cem: Person) -> None:
    await ben.follow(ana)
    await ana.protect()
    made = await ana.post("among us")
    await ben.get(f"/v1/posts/{made['id']}")
    refused(await cem.request("GET", f"/v1/posts/{made['id']}"), 404, "not_found")
    refused(
        await cem.request("POST", "/v1/posts", json={"content": "psst", "reply_to_id": made["id"]}),
        *(400, "invalid", "reply_to_id"),
    )


async def test_a_block_hides_posts_both_ways(ana: Person, ben: Person) -> None:
    of_ana, of_ben = await ana.post("a"), await ben.post("b")
    await ana.block(ben)
    refused(await ben.request("GET", f"/v1/posts/{of_ana['id']}"), 404, "not_found")
    refused(await ana.request("GET", f"/v1/posts/{of_ben['id']}"), 404, "not_found")


async def test_etag_answers_304_until_something_changes(ana: Person) -> None:
    made = await ana.post("tagged")
    path = f"/v1/posts/{made['id']}"
    etag = (await ana.request("GET", path)).headers["etag"]
    again = await ana.request("GET", path, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    await ana.like(made)
    assert (await ana.request("GET", path, headers={"If-None-Match": etag})).status_code == 200


async def test_an_idempotency_key_posts_once(ana: Person) -> None:
    headers = {"Idempotency-Key": "a-key"}
    answers = [await ana.request("POST", "/v1/posts", json={"content": "once"}, headers=headers) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert len({answer.content for answer in answers}) == 1
    assert len((await ana.get(f"/v1/users/{ana.id}/posts"))["data"]) == 1
    other = await ana.request("POST", "/v1/posts", json={"content": "twice"}, headers=headers)
    refused(other, 409, "idempotency_key_reused")


async def test_the_same_request_twice_at_once_posts_once(ana: Person) -> None:
    options: dict[str, Any] = {"json": {"content": "at once"}, "headers": {"Idempotency-Key": "double click"}}
    answers = await asyncio.gather(*(ana.request("POST", "/v1/posts", **options) for _ in range(4)))
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len((await ana.get(f"/v1/users/{ana.id}/posts"))["data"]) == 1


async def test_a_repetition_is_answered_though_its_parent_is_gone(ana: Person, ben: Person) -> None:
    parent = await ben.post("parent")
    options: dict[str, Any] = {
        "json": {"content": "reply", "reply_to_id": parent["id"]},
        "headers": {"Idempotency-Key": "k"},
    }
    first = await ana.request("POST", "/v1/posts", **options)
    await ben.delete(f"/v1/posts/{parent['id']}")
    assert (await ana.request("POST", "/v1/posts", **options)).json() == first.json()


async def test_a_refused_request_leaves_its_key_free(ana: Person) -> None:
    headers = {"Idempotency-Key": "refused-first"}
    body = {"content": "reply", "reply_to_id": "12345"}
    for _ in range(2):
        refused(await ana.request("POST", "/v1/posts", json=body, headers=headers), 400, "invalid", "reply_to_id")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("x" * 281, "too_long"),
        ("\u4e00" * 141, "too_long"),
        ("x" * 6000, "too_long"),
        ("", "blank"),
        (" \n\u3000", "blank"),
        ("a\x07b", "invalid_characters"),
        ("a\ufffeb", "invalid_characters"),
    ],
)
async def test_content_that_no_post_has(ana: Person, content: str, code: str) -> None:
    answer = await ana.request("POST", "/v1/posts", json={"content": content})
    problem = refused(answer, 400, "invalid", "content")
    assert problem["errors"][0]["code"] == code


async def test_content_without_nul(ana: Person) -> None:
    refused(await ana.request("POST", "/v1/posts", json={"content": "a\x00b"}), 400, "invalid", "content")


async def test_a_refusal_says_what_the_text_counts(ana: Person) -> None:
    answer = await ana.request("POST", "/v1/posts", json={"content": "\u4e00" * 150})
    assert "300" in answer.json()["errors"][0]["message"]


async def test_the_longest_post(ana: Person) -> None:
    link = "https://example.org/" + "a" * 1000
    made = await ana.post(f"{'x' * 256} {link}")
    assert made["entities"]["urls"][0]["url"] == link


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"content": "x", "reply_to_id": "99999999999"}, "reply_to_id"),
        ({"content": "x", "quote_of_id": "9" * 19}, "quote_of_id"),
        ({"content": "x", "quote_of_id": "-1"}, "quote_of_id"),
        ({"content": "x", "reply_to_id": 7}, "reply_to_id"),
        ({"content": 7}, "content"),
        ({"content": "x", "surprise": 1}, "surprise"),
        ({}, "content"),
    ],
)
async def test_bodies_that_make_no_post(ana: Person, body: dict[str, Any], field: str) -> None:
    answer = await ana.request("POST", "/v1/posts", json=body)
    problem = refused(answer, 400, "invalid")
    assert field in str(problem["errors"]), problem


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'{"content": "\\ud800"}', b'{"content": "\xff"}', b"[" * 5000])
async def test_bytes_that_make_no_post(ana: Person, raw: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await ana.request("POST", "/v1/posts", content=raw, headers=headers)
    refused(answer, 400, "invalid")


@pytest.mark.parametrize("post_id", ["0", "-1", "x", str(MAX_ID), str(MAX_ID + 1), "9" * 5000, "1.5", "%00"])
async def test_ids_of_no_post(ana: Person, post_id: str) -> None:
    for method, path in (("GET", ""), ("PUT", "/like"), ("DELETE", ""), ("GET", "/thread")):
        answer = await ana.request(method, f"/v1/posts/{post_id}{path}")
        assert answer.status_code in (400, 404), answer.text


async def test_a_stranger_cannot_post(client: httpx.AsyncClient) -> None:
    refused(await client.post("/v1/posts", json={"content": "x"}), 401, "unauthenticated")


async def test_creating_takes_one_statement(ana: Person, database: Database, settle: Settle) -> None:
    await ana.post("warms the caches")
    await settle()  # consumers use the same pool
    with recorded_queries(database) as seen:
        await ana.post("plain")
    assert len(seen) == 1, seen


async def test_the_answer_is_the_item_that_timelines_show(ana: Person, posts: Posts) -> None:
    made = await ana.post("the same everywhere")
    (item,) = await items(posts, ana, [entry_of(made)])
    assert (item.id, item.content, item.entry_id, item.reposted_by) == (made["id"], made["content"], made["id"], None)
