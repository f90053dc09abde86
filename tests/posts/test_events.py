"""What the posts service writes to the log, in the transaction of each command."""

from collections.abc import Awaitable, Callable

from msgspec.structs import asdict

from rookery.contracts.events import (
    AnyEvent,
    LikeCreated,
    LikeDeleted,
    PostCreated,
    PostDeleted,
    PostEdited,
    RepostCreated,
    RepostDeleted,
)
from rookery.kit.database import Database
from tests.people import Person, ok
from tests.posts.looking import events_of

Settle = Callable[[], Awaitable[None]]


def facts(event: AnyEvent) -> dict[str, object]:
    """The fields of an event without its id."""
    return {name: value for name, value in asdict(event).items() if name != "event_id"}


async def test_a_reply_that_quotes_and_mentions(ana: Person, ben: Person, cem: Person, database: Database) -> None:
    parent, quoted = await ben.post("parent"), await cem.post("quoted")
    content = f"@{ben.username} @{cem.username} @{ben.username} @nobody_is_called_so"
    made = await ana.post(content, reply_to_id=parent["id"], quote_of_id=quoted["id"])
    (event,) = await events_of(database, ana)
    assert isinstance(event, PostCreated)
    assert facts(event) == {
        "post_id": int(made["id"]),
        "author_id": int(ana.id),
        "reply_to_id": int(parent["id"]),
        "reply_to_author_id": int(ben.id),
        "conversation_id": int(parent["id"]),
        "quote_of_id": int(quoted["id"]),
        "quote_of_author_id": int(cem.id),
        "mention_ids": [int(ben.id), int(cem.id)],
        "media_ids": [],
        "media_kinds": [],
        "link": None,
    }
    await ana.delete(f"/v1/posts/{made['id']}")
    *_, deleted = await events_of(database, ana)
    assert isinstance(deleted, PostDeleted)
    assert (deleted.reply_to_id, deleted.quote_of_id) == (int(parent["id"]), int(quoted["id"]))


async def test_an_edit_names_whom_it_mentions_anew(ana: Person, ben: Person, cem: Person, database: Database) -> None:
    made = await ana.post(f"hello @{ben.username}")
    body = {"content": f"hello @{cem.username} and @{ben.username}: example.org/nest and https://example.org"}
    ok(await ana.request("PATCH", f"/v1/posts/{made['id']}", json=body))
    *_, event = await events_of(database, ana)
    assert isinstance(event, PostEdited)
    assert (event.revision, event.added_mention_ids, event.link) == (2, [int(cem.id)], "example.org/nest")


async def test_marks_name_the_act(ana: Person, ben: Person, database: Database) -> None:
    made = await ana.post("marked")
    for act in ("like", "repost", "bookmark"):
        await ben.put(f"/v1/posts/{made['id']}/{act}")
    for act in ("like", "repost", "bookmark"):
        await ben.delete(f"/v1/posts/{made['id']}/{act}")
    liked, reposted, unliked, unreposted = await events_of(database, ben)
    for event, kind in ((liked, LikeCreated), (unliked, LikeDeleted)):
        assert isinstance(event, kind)
    assert isinstance(reposted, RepostCreated)
    assert isinstance(unreposted, RepostDeleted)
    assert reposted.repost_id == unreposted.repost_id
    assert (reposted.post_id, reposted.author_id, reposted.user_id) == (int(made["id"]), int(ana.id), int(ben.id))
