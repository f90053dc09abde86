"""Edits and deletions on `home`: who hears of them, in what order, and that a dropped connection loses none."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from rookery.contracts.posts import HomeNews, TimelineEntry
from rookery.gateway.wiring import Services
from rookery.kit import live
from tests.gateway.stream.clients import Frame, StreamClient
from tests.gateway.stream.conftest import Connect
from tests.people import Person, ok

Settle = Callable[[], Awaitable[None]]


async def edit(author: Person, post: dict[str, Any], content: str) -> None:
    ok(await author.request("PATCH", f"/v1/posts/{post['id']}", json={"content": content}))


async def delete(author: Person, post: dict[str, Any]) -> None:
    await author.delete(f"/v1/posts/{post['id']}")


async def heard(reader: Person, client: StreamClient) -> list[Frame]:
    """All that came until the reader's own next post, which is behind everything in the log."""
    return await heard_before(await reader.post("mark"), client)


async def heard_before(mark: dict[str, Any], client: StreamClient) -> list[Frame]:
    events = []
    while (event := await client.event())["data"]["id"] != mark["id"]:
        events.append(event)
    return events


async def test_a_follower_hears_of_an_edit_as_home_shows_it(
    ana: Person, ben: Person, connect: Connect, settle: Settle
) -> None:
    await ana.follow(ben)
    post = await ben.post("before @nobody")
    await ana.like(post)
    await settle()
    client = await connect(ana, "home")
    await edit(ben, post, "after #rooks")
    event = await client.event()
    assert (event["channel"], event["event"]) == ("home", "post.edited")
    assert event["data"]["content"] == "after #rooks"
    assert event["data"]["entities"]["hashtags"][0]["tag"] == "rooks"
    assert event["data"]["revision"] == 2
    assert event["data"]["edited_at"] is not None
    assert event["data"]["viewer"] == {"liked": True, "reposted": False, "bookmarked": False}
    assert [event["data"]] == await ana.home()


async def test_a_follower_hears_of_a_deletion_by_id_alone(
    ana: Person, ben: Person, connect: Connect, settle: Settle
) -> None:
    await ana.follow(ben)
    post = await ben.post("soon gone")
    await settle()
    client = await connect(ana, "home")
    await delete(ben, post)
    event = await client.event()
    assert (event["channel"], event["event"], event["data"]) == ("home", "post.deleted", {"id": post["id"]})


async def test_ones_own_devices_hear_of_both(ana: Person, connect: Connect, settle: Settle) -> None:
    post = await ana.post("mine")
    await settle()
    clients = [await connect(ana, "home") for _ in range(2)]
    await edit(ana, post, "still mine")
    for client in clients:
        assert (await client.event())["data"]["content"] == "still mine"
    await delete(ana, post)
    mark = await ana.post("mark")
    for client in clients:
        (event,) = await heard_before(mark, client)
        assert (event["event"], event["data"]) == ("post.deleted", {"id": post["id"]})


async def test_they_come_in_order_behind_the_post(ana: Person, ben: Person, connect: Connect) -> None:
    await ana.follow(ben)
    client = await connect(ana, "home")
    post = await ben.post("one")
    created = await client.event()
    for content in ("two", "three"):
        await edit(ben, post, content)
        event = await client.event()
        assert (event["event"], event["data"]["content"]) == ("post.edited", content)
    await delete(ben, post)
    deleted = await client.event()
    assert (created["event"], deleted["event"]) == ("post.created", "post.deleted")
    assert live.parse_id(created["id"]) < live.parse_id(deleted["id"])


async def test_strangers_blocked_muted_and_unfollowed_hear_nothing(
    ana: Person, ben: Person, cem: Person, dee: Person, connect: Connect
) -> None:
    """Dee is protected: Ana follows her no more, Ben muted her, Cem is blocked."""
    for each in (ana, ben, cem):
        await each.follow(dee)
    await dee.protect()
    await ana.unfollow(dee)
    await ben.mute(dee)
    await dee.block(cem)
    clients = {each: await connect(each, "home") for each in (ana, ben, cem, dee)}
    post = await dee.post("private")
    await edit(dee, post, "private still")
    assert (await clients[dee].event())["event"] == "post.created"
    assert (await clients[dee].event())["event"] == "post.edited"
    await delete(dee, post)
    assert [event["event"] for event in await heard(dee, clients[dee])] == ["post.deleted"]
    for each in (ana, ben, cem):
        assert await heard(each, clients[each]) == []


async def test_a_stranger_hears_nothing(ana: Person, ben: Person, connect: Connect) -> None:
    client = await connect(ana, "home")
    post = await ben.post("public")
    await edit(ben, post, "public still")
    await delete(ben, post)
    assert await heard(ana, client) == []


async def test_resuming_behind_an_id_brings_what_was_missed(
    ana: Person, ben: Person, connect: Connect, settle: Settle
) -> None:
    await ana.follow(ben)
    edited, deleted = await ben.post("words"), await ben.post("more words")
    await settle()
    first = await connect(ana, "home")
    first.drop()
    await edit(ben, edited, "other words")
    await delete(ben, deleted)
    await settle()
    client = await connect(ana, "home", after=first.position)
    events = [await client.event() for _ in range(2)]
    assert [(event["event"], event["data"]["id"]) for event in events] == [
        ("post.edited", edited["id"]),
        ("post.deleted", deleted["id"]),
    ]
    assert events[0]["data"]["content"] == "other words"
    assert await client.nothing_before_pong() == []


async def test_a_repeated_publication_comes_once(
    ana: Person, connect: Connect, services: Services, settle: Settle
) -> None:
    client = await connect(ana, "home")
    post = await ana.post("words")
    await edit(ana, post, "other words")
    await settle()
    newest = await live.read_newest(services.resources.cache, 2)
    await live.publish(services.resources.cache, [each.event for each in newest])
    assert [event["event"] for event in await heard(ana, client)] == ["post.created", "post.edited"]


async def test_cached_timelines_are_not_touched(ana: Person, ben: Person, services: Services, settle: Settle) -> None:
    """The log grows by a line for each act, however many follow."""
    await ana.follow(ben)
    await ana.home()
    post = await ben.post("words")
    await settle()
    cache, store = services.resources.cache, services.timelines.fan_out._store
    (last,) = await live.read_newest(cache, 1)
    cached = await store.read(int(ana.id), 2**63 - 1, 10)
    assert cached is not None
    assert [entry.post_id for entry in cached.entries] == [int(post["id"])]
    await edit(ben, post, "other words")
    await delete(ben, post)
    await settle()
    assert (await live.read_newest(cache, 1))[0].number == last.number + 2
    assert await store.read(int(ana.id), 2**63 - 1, 10) == cached


def test_a_process_of_an_older_version_reads_the_lines_of_a_newer_one() -> None:
    """A new entry is written as it always was, so that a line from either is the same; of an edit it reads the post."""
    assert msgspec.json.encode(HomeNews(7, 1, 5)) == msgspec.json.encode(TimelineEntry(7, 1, 5))
    for change in (HomeNews(5, 1, 5, revision=2), HomeNews(5, 1, 5, deleted=True)):
        assert msgspec.json.decode(msgspec.json.encode(change), type=TimelineEntry) == TimelineEntry(5, 1, 5)
