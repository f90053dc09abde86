"""How the tests of posts look at pages: entries from answers, items as a timeline hydrates them, refusals."""

from typing import Any

import httpx
import msgspec

from rookery.contracts.codec import decode
from rookery.contracts.events import AnyEvent
from rookery.contracts.posts import TimelineEntry, TimelineItem
from rookery.kit.database import Database
from rookery.posts.service import Posts
from tests.people import Person


def entry_of(item: dict[str, Any]) -> TimelineEntry:
    """The place of a Post, or of a TimelineItem."""
    by = item.get("reposted_by") or item["author"]
    return TimelineEntry(int(item.get("entry_id", item["id"])), int(by["id"]), int(item["id"]))


async def repost_entry(by: Person, post: dict[str, Any]) -> TimelineEntry:
    """Repost a post and give the place of the repost, as the reposter's own profile shows it."""
    await by.repost(post)
    items = (await by.get(f"/v1/users/{by.id}/posts"))["data"]
    return next(entry_of(item) for item in items if item["reposted_by"] and item["id"] == post["id"])


async def items(posts: Posts, reader: Person, entries: list[TimelineEntry]) -> list[TimelineItem]:
    """What a timeline shows of these entries."""
    found = await posts.items_json(await posts.users.reader(int(reader.id)), entries)
    return [msgspec.json.decode(body, type=TimelineItem) for _, body in found]


async def shown_ids(posts: Posts, reader: Person, entries: list[TimelineEntry]) -> list[int]:
    """The entry ids of what a timeline shows."""
    return [int(item.entry_id) for item in await items(posts, reader, entries)]


async def events_of(database: Database, *people: Person) -> list[AnyEvent]:
    """What these people's commands have written to the log, in order."""
    async with database.connection() as connection:
        rows = await connection.fetch(
            "SELECT value FROM bus.outbox WHERE topic = 'posts' AND key = ANY ($1) ORDER BY position",
            [int(person.id) for person in people],
        )
    return [decode(row["value"]) for row in rows]


def refused(response: httpx.Response, status: int, code: str, field: str | None = None) -> dict[str, Any]:
    """The problem document of an answer that must be this refusal."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"].startswith("application/problem+json")
    problem: dict[str, Any] = response.json()
    assert problem["code"] == code, problem
    if field is not None:
        assert field in {error["field"] for error in problem["errors"]}, problem
    return problem
