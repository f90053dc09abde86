"""A post among its ancestors and replies."""

from collections.abc import Awaitable, Callable
from typing import Any

from rookery.kit.database import Database
from rookery.posts.threads import ANCESTORS_MAX
from tests.people import Person
from tests.posts.looking import refused
from tests.queries import recorded_queries


async def chain(people: list[Person], length: int) -> list[dict[str, Any]]:
    """Posts that each answer the one before, written in turn."""
    made: list[dict[str, Any]] = []
    for number in range(length):
        fields = {"reply_to_id": made[-1]["id"]} if made else {}
        made.append(await people[number % len(people)].post(f"step {number}", **fields))
    return made


async def test_ancestors_oldest_first_and_replies_oldest_first(ana: Person, ben: Person) -> None:
    made = await chain([ana, ben], 4)
    replies = [await ben.post(f"reply {number}", reply_to_id=made[3]["id"]) for number in range(3)]
    await ana.post("nested", reply_to_id=replies[0]["id"])
    thread = await ana.get(f"/v1/posts/{made[3]['id']}/thread", limit=2)
    assert [post["id"] for post in thread["ancestors"]] == [post["id"] for post in made[:3]]
    assert thread["post"]["id"] == made[3]["id"]
    assert [reply["content"] for reply in thread["replies"]] == ["reply 0", "reply 1"]
    rest = await ana.get(f"/v1/posts/{made[3]['id']}/thread", limit=2, cursor=thread["next_cursor"])
    assert [reply["content"] for reply in rest["replies"]] == ["reply 2"]
    assert rest["next_cursor"] is None


async def test_what_is_hidden_is_left_out_and_the_rest_stays(ana: Person, ben: Person, cem: Person) -> None:
    made = await chain([ana, ben, ana, cem], 5)
    await cem.post("of cem", reply_to_id=made[4]["id"])
    await ana.delete(f"/v1/posts/{made[2]['id']}")
    await ben.block(cem)
    thread = await cem.get(f"/v1/posts/{made[4]['id']}/thread")
    assert [post["content"] for post in thread["ancestors"]] == ["step 0", "step 3"]
    assert [post["content"] for post in thread["replies"]] == ["of cem"]


async def test_replies_of_muted_and_deleted_are_left_out(ana: Person, ben: Person, cem: Person) -> None:
    post = await ana.post("ask")
    await ben.post("muted", reply_to_id=post["id"])
    gone = await cem.post("gone", reply_to_id=post["id"])
    await cem.post("stays", reply_to_id=post["id"])
    await ana.mute(ben)
    await cem.delete(f"/v1/posts/{gone['id']}")
    thread = await ana.get(f"/v1/posts/{post['id']}/thread")
    assert [reply["content"] for reply in thread["replies"]] == ["stays"]


async def test_a_long_conversation_shows_its_nearest_steps(ana: Person) -> None:
    made = await chain([ana], ANCESTORS_MAX + 3)
    thread = await ana.get(f"/v1/posts/{made[-1]['id']}/thread")
    assert [post["id"] for post in thread["ancestors"]] == [post["id"] for post in made[2:-1]]


async def test_a_deleted_post_has_no_thread(ana: Person) -> None:
    post = await ana.post("gone")
    await ana.delete(f"/v1/posts/{post['id']}")
    refused(await ana.request("GET", f"/v1/posts/{post['id']}/thread"), 404, "not_found")


async def test_a_warm_thread_takes_two_statements(
    ana: Person, database: Database, settle: Callable[[], Awaitable[None]]
) -> None:
    made = await chain([ana], 5)
    await settle()  # counting outdates renderings
    path = f"/v1/posts/{made[3]['id']}/thread"
    await ana.get(path)
    with recorded_queries(database) as seen:
        await ana.get(path)
    assert len(seen) == 2, seen  # ancestors, replies
