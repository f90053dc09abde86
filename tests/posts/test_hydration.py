"""Pages of timelines: the rules of access, the reader's flags, and what a page costs in SQL."""

from collections.abc import Awaitable, Callable

import pytest

from rookery.contracts.posts import TimelineEntry
from rookery.kit.database import Database
from rookery.posts.service import Posts
from tests.people import Person
from tests.posts.looking import entry_of, items, repost_entry, shown_ids
from tests.queries import recorded_queries

Settle = Callable[[], Awaitable[None]]


async def test_items_come_in_the_given_order(ana: Person, ben: Person, posts: Posts) -> None:
    entries = [entry_of(await ana.post(f"post {number}")) for number in range(5)]
    mixed = [entries[index] for index in (3, 0, 4, 1, 2)]
    assert await shown_ids(posts, ben, mixed) == [entry.id for entry in mixed]


async def test_a_repost_names_who_brought_it(ana: Person, ben: Person, cem: Person, posts: Posts) -> None:
    entry = await repost_entry(ben, await ana.post("carried"))
    (item,) = await items(posts, cem, [entry])
    assert item.reposted_by is not None
    assert (item.reposted_by.id, item.author.id, item.entry_id) == (ben.id, ana.id, str(entry.id))


async def test_nothing_of_deleted_posts(ana: Person, ben: Person, cem: Person, posts: Posts) -> None:
    post = await ana.post("soon gone")
    entries = [entry_of(post), await repost_entry(ben, post), TimelineEntry(4711, 1, 4711)]
    await ana.delete(f"/v1/posts/{post['id']}")
    assert await shown_ids(posts, cem, entries) == []


@pytest.mark.parametrize("act", ["block", "blocked", "mute"])
async def test_nothing_of_who_is_blocked_or_muted(
    ana: Person, ben: Person, cem: Person, posts: Posts, act: str
) -> None:
    entries = [entry_of(await ana.post("a")), await repost_entry(ana, await ben.post("b"))]
    assert len(await shown_ids(posts, cem, entries)) == 2
    if act == "blocked":
        await ana.block(cem)
    else:
        await (cem.block(ana) if act == "block" else cem.mute(ana))
    assert await shown_ids(posts, cem, entries) == []


@pytest.mark.parametrize("act", ["block", "mute"])
async def test_nothing_of_a_hidden_author_whom_a_friend_reposts(
    ana: Person, ben: Person, cem: Person, posts: Posts, act: str
) -> None:
    entry = await repost_entry(ben, await ana.post("a"))
    await (cem.block(ana) if act == "block" else cem.mute(ana))
    assert await shown_ids(posts, cem, [entry]) == []


async def test_what_became_protected_stays_with_followers(ana: Person, ben: Person, cem: Person, posts: Posts) -> None:
    post = await ana.post("public, for now")
    entries = [await repost_entry(ben, post), entry_of(post)]
    await cem.follow(ana)
    await ana.protect()
    assert await shown_ids(posts, cem, entries) == [entries[1].id]  # the repost repeats it
    assert await shown_ids(posts, ben, entries) == []
    assert await shown_ids(posts, ana, entries) == [entries[1].id]


async def test_a_muted_authors_quoted_post_is_forbidden(ana: Person, ben: Person, cem: Person, posts: Posts) -> None:
    quote = await ben.post("quote", quote_of_id=(await ana.post("quoted"))["id"])
    await cem.mute(ana)
    (item,) = await items(posts, cem, [entry_of(quote)])
    assert item.quote_of is not None
    assert (item.quote_of.unavailable, item.quote_of.post) == ("forbidden", None)


async def test_flags_and_profiles_are_those_of_now(ana: Person, ben: Person, posts: Posts) -> None:
    post = await ana.post("flags")
    (before,) = await items(posts, ben, [entry_of(post)])
    assert before.viewer is not None
    assert not before.viewer.liked
    await ben.like(post)
    assert (await ana.request("PATCH", "/v1/users/me", json={"display_name": "Ana the Great"})).status_code == 200
    (after,) = await items(posts, ben, [entry_of(post)])
    assert after.viewer is not None
    assert after.viewer.liked
    assert after.author.display_name == "Ana the Great"
    assert after.content == before.content


async def test_the_name_of_who_is_answered_is_that_of_now(ana: Person, ben: Person, posts: Posts) -> None:
    reply = await ben.post("reply", reply_to_id=(await ana.post("post"))["id"])
    assert (await ana.request("PATCH", "/v1/users/me", json={"display_name": "Renamed"})).status_code == 200
    (item,) = await items(posts, ben, [entry_of(reply)])
    assert item.reply_to_author is not None
    assert item.reply_to_author.display_name == "Renamed"


async def test_posts_gives_what_may_be_seen(ana: Person, ben: Person, cem: Person, posts: Posts) -> None:
    of_ana, of_ben = await ana.post("a"), await ben.post("b")
    await cem.mute(ana)
    await ben.block(cem)
    reader = await posts.users.reader(int(cem.id))
    found = await posts.posts(reader, [int(of_ana["id"]), int(of_ben["id"]), 4711])
    assert list(found) == [int(of_ana["id"])]  # muted is not forbidden
    assert found[int(of_ana["id"])].content == "a"


async def test_a_warm_page_asks_nothing(
    ana: Person, ben: Person, posts: Posts, database: Database, settle: Settle
) -> None:
    made = [await ana.post(f"post {number}") for number in range(20)]
    await settle()
    entries = [entry_of(post) for post in made]
    await posts.items_json(await posts.users.reader(int(ben.id)), entries)
    with recorded_queries(database) as seen:
        assert len(await shown_ids(posts, ben, entries)) == 20
    assert seen == []


async def test_a_warm_page_with_reposts_and_quotes_asks_nothing(
    ana: Person, ben: Person, cem: Person, posts: Posts, database: Database, settle: Settle
) -> None:
    made = [await ana.post(f"post {number}") for number in range(5)]
    entries = [await repost_entry(ben, post) for post in made]
    entries.append(entry_of(await ben.post("quote", quote_of_id=made[0]["id"])))
    await settle()
    await shown_ids(posts, cem, entries)
    with recorded_queries(database) as seen:
        assert len(await shown_ids(posts, cem, entries)) == 6
    assert seen == []


async def test_what_a_cold_page_asks(
    ana: Person, ben: Person, cem: Person, posts: Posts, database: Database, settle: Settle
) -> None:
    quoted = await ben.post("quoted")
    made = [await ana.post(f"post {number}", quote_of_id=quoted["id"]) for number in range(20)]
    entries = [entry_of(post) for post in made]
    entries[0] = await repost_entry(ben, made[0])
    keys = [f"post:{post['id']}" for post in (*made, quoted)]
    people = [f"author:{person.id}" for person in (ana, ben)]
    reposts = [f"reposts:{post['id']}" for post in made]
    reader = await posts.users.reader(int(cem.id))
    await settle()  # consumers share the caches
    await posts.resources.invalidations.publish(*keys, *people, *reposts, f"marks:{cem.id}")
    with recorded_queries(database) as seen:
        assert len(await posts.items_json(reader, entries)) == 20
    assert len(seen) == 5, seen  # posts, quoted posts, authors, marks, and reposts because there is one
    await posts.resources.invalidations.publish(*keys, *people, *reposts, f"marks:{cem.id}")
    with recorded_queries(database) as seen:
        assert len(await posts.items_json(reader, entries[1:])) == 19
    assert len(seen) == 4, seen
