"""Editing posts, and their history."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest

from rookery.kit.database import Database
from rookery.posts.writing import REVISIONS_MAX
from tests.people import Person, ok
from tests.posts.looking import refused
from tests.queries import recorded_queries

Settle = Callable[[], Awaitable[None]]


async def edit(person: Person, post_id: str, content: str, **headers: str) -> httpx.Response:
    return await person.request("PATCH", f"/v1/posts/{post_id}", json={"content": content}, headers=headers)


async def test_an_edit_keeps_what_was_said(ana: Person, ben: Person) -> None:
    made = await ana.post("first #one")
    edited = ok(await edit(ana, made["id"], "second #two"))
    assert (edited["content"], edited["revision"], edited["created_at"]) == ("second #two", 2, made["created_at"])
    assert edited["edited_at"] is not None
    assert edited == await ben.get(f"/v1/posts/{made['id']}")
    newest, oldest = (await ben.get(f"/v1/posts/{made['id']}/history"))["data"]
    assert (newest["revision"], newest["content"], newest["created_at"]) == (2, "second #two", edited["edited_at"])
    assert (oldest["revision"], oldest["content"], oldest["created_at"]) == (1, "first #one", made["created_at"])
    assert oldest["entities"] == made["entities"]


async def test_saying_the_same_changes_nothing(ana: Person) -> None:
    made = await ana.post("same")
    assert ok(await edit(ana, made["id"], " same ")) == made


async def test_only_the_author_edits(ana: Person, ben: Person, client: httpx.AsyncClient) -> None:
    made = await ana.post("mine")
    refused(await edit(ben, made["id"], "yours"), 403, "forbidden")
    refused(await client.patch(f"/v1/posts/{made['id']}", json={"content": "x"}), 401, "unauthenticated")
    await ana.block(ben)
    refused(await edit(ben, made["id"], "yours"), 404, "not_found")
    assert (await ana.get(f"/v1/posts/{made['id']}"))["content"] == "mine"


async def test_a_deleted_post_is_not_edited(ana: Person) -> None:
    made = await ana.post("gone")
    await ana.delete(f"/v1/posts/{made['id']}")
    refused(await edit(ana, made["id"], "back"), 404, "not_found")
    refused(await ana.request("GET", f"/v1/posts/{made['id']}/history"), 404, "not_found")


@pytest.mark.parametrize("content", ["", "x" * 281, "a\x00"])
async def test_edits_obey_the_rules_of_posts(ana: Person, content: str) -> None:
    made = await ana.post("fine")
    refused(await edit(ana, made["id"], content), 400, "invalid", "content")


async def test_if_match_names_the_etag_or_the_revision(ana: Person) -> None:
    made = await ana.post("one")
    etag = (await ana.request("GET", f"/v1/posts/{made['id']}")).headers["etag"]
    refused(await edit(ana, made["id"], "two", **{"If-Match": '"7"'}), 412, "precondition_failed")
    ok(await edit(ana, made["id"], "two", **{"If-Match": etag}))
    refused(await edit(ana, made["id"], "three", **{"If-Match": etag}), 412, "precondition_failed")
    assert ok(await edit(ana, made["id"], "three", **{"If-Match": '"2"'}))["revision"] == 3


async def test_edits_at_once_all_stand_in_the_history(ana: Person) -> None:
    made = await ana.post("start")
    answers = await asyncio.gather(edit(ana, made["id"], "left"), edit(ana, made["id"], "right"))
    assert [answer.status_code for answer in answers] == [200, 200]
    said = [revision["content"] for revision in (await ana.get(f"/v1/posts/{made['id']}/history"))["data"]]
    assert sorted(said) == ["left", "right", "start"]
    assert said[-1] == "start"


async def test_an_edit_and_a_delete_at_once_leave_no_words(ana: Person, database: Database) -> None:
    for _ in range(5):
        made = await ana.post("secret")
        await asyncio.gather(edit(ana, made["id"], "still secret"), ana.request("DELETE", f"/v1/posts/{made['id']}"))
        async with database.connection() as connection:
            post_id = int(made["id"])
            assert await connection.fetchval("SELECT content FROM posts.posts WHERE id = $1", post_id) == ""
            assert not await connection.fetchval("SELECT count(*) FROM posts.revisions WHERE post_id = $1", post_id)


async def test_there_is_an_end_to_editing(ana: Person) -> None:
    made = await ana.post("1")
    for revision in range(2, REVISIONS_MAX + 1):
        ok(await edit(ana, made["id"], str(revision)))
    refused(await edit(ana, made["id"], "one more"), 409, "too_many_revisions")
    history = (await ana.get(f"/v1/posts/{made['id']}/history"))["data"]
    assert [revision["revision"] for revision in history] == list(range(REVISIONS_MAX, 0, -1))


async def test_history_is_for_who_may_see_the_post(ana: Person, ben: Person) -> None:
    made = await ana.post("mine")
    await ana.block(ben)
    refused(await ben.request("GET", f"/v1/posts/{made['id']}/history"), 404, "not_found")


async def test_an_edit_takes_two_statements(ana: Person, database: Database, settle: Settle) -> None:
    made = await ana.post("warm")
    await settle()  # consumers use the same pool and caches
    await ana.get(f"/v1/posts/{made['id']}")
    with recorded_queries(database) as seen:
        ok(await edit(ana, made["id"], "warmer"))
    assert len(seen) == 2, seen  # the edit, and the post as it is now
