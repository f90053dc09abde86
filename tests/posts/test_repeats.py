"""A repost is shown once: not after the post itself, nor after another repost of it, within 72 hours."""

from typing import Any

import pytest

from rookery.contracts.posts import TimelineEntry
from rookery.kit.database import Database
from rookery.posts.repeats import REPEAT_WINDOW
from rookery.posts.service import Posts
from tests.people import Person
from tests.posts.looking import entry_of, repost_entry, shown_ids

HOUR = 3600 * 1000 << 16


async def move_back(posts: Posts, database: Database, entry: TimelineEntry, distance: int) -> TimelineEntry:
    """Let a repost have happened earlier by a difference of ids."""
    async with database.connection() as connection:
        await connection.execute("UPDATE posts.reposts SET id = id - $2 WHERE id = $1", entry.id, distance)
    await posts.resources.invalidations.publish(f"reposts:{entry.post_id}")
    return TimelineEntry(entry.id - distance, entry.user_id, entry.post_id)


async def old_post(person: Person, posts: Posts, database: Database, distance: int) -> dict[str, Any]:
    """A post written earlier by a difference of ids, as if by API."""
    made = await person.post("from long ago")
    async with database.connection() as connection:
        post_id = await connection.fetchval(
            "UPDATE posts.posts SET id = id - $2, conversation_id = id - $2 WHERE id = $1 RETURNING id",
            int(made["id"]),
            distance,
        )
    return {**made, "id": str(post_id)}


async def test_a_repost_of_what_a_followee_posted_is_left_out(
    ana: Person, ben: Person, cem: Person, posts: Posts
) -> None:
    post = await ana.post("seen already")
    entries = [await repost_entry(ben, post), entry_of(post)]
    await cem.follow(ben)
    assert await shown_ids(posts, cem, entries) == [entry.id for entry in entries]
    await cem.follow(ana)
    assert await shown_ids(posts, cem, entries) == [entries[1].id]
    assert await shown_ids(posts, cem, entries[:1]) == []  # on whatever page it falls
    assert await shown_ids(posts, ana, entries) == [entries[1].id]  # one's own post


async def test_after_72_hours_a_post_comes_again(
    ana: Person, ben: Person, cem: Person, posts: Posts, database: Database
) -> None:
    old = await old_post(ana, posts, database, REPEAT_WINDOW + HOUR)
    recent = await old_post(ana, posts, database, REPEAT_WINDOW - HOUR)
    await cem.follow(ana)
    entries = [await repost_entry(ben, old), await repost_entry(ben, recent)]
    assert await shown_ids(posts, cem, entries) == [entries[0].id]


async def test_the_first_repost_is_shown_and_the_second_is_not(
    ana: Person, ben: Person, cem: Person, dee: Person, posts: Posts
) -> None:
    post = await ana.post("carried twice")
    first, second = await repost_entry(ben, post), await repost_entry(cem, post)
    for person in (ben, cem):
        await dee.follow(person)
    assert await shown_ids(posts, dee, [second, first]) == [first.id]
    assert await shown_ids(posts, dee, [second]) == []
    await dee.mute(ben)
    assert await shown_ids(posts, dee, [second, first]) == [second.id]
    await dee.delete(f"/v1/users/me/mutes/{ben.id}")
    await dee.unfollow(ben)
    assert await shown_ids(posts, dee, [second]) == [second.id]


async def test_ones_own_repost_counts_too(ana: Person, ben: Person, cem: Person, posts: Posts) -> None:
    post = await ana.post("mine first")
    own, other = await repost_entry(cem, post), await repost_entry(ben, post)
    await cem.follow(ben)
    assert await shown_ids(posts, cem, [other, own]) == [own.id]
    await cem.delete(f"/v1/posts/{post['id']}/repost")
    assert await shown_ids(posts, cem, [other]) == [other.id]


async def test_a_repost_of_long_ago_does_not_count(
    ana: Person, ben: Person, cem: Person, dee: Person, posts: Posts, database: Database
) -> None:
    post = await old_post(ana, posts, database, 10 * REPEAT_WINDOW)
    for person in (ben, cem):
        await dee.follow(person)
    first, second = await repost_entry(ben, post), await repost_entry(cem, post)
    first = await move_back(posts, database, first, REPEAT_WINDOW - HOUR)
    assert await shown_ids(posts, dee, [second]) == []
    await move_back(posts, database, first, 2 * HOUR)
    assert await shown_ids(posts, dee, [second]) == [second.id]


@pytest.mark.parametrize("followed", [True, False])
async def test_posts_with_more_reposts_than_are_kept(
    ana: Person, ben: Person, cem: Person, dee: Person, posts: Posts, monkeypatch: pytest.MonkeyPatch, followed: bool
) -> None:
    monkeypatch.setattr("rookery.posts.repeats.REPOSTS_KEPT", 1)
    post = await ana.post("viral")
    await repost_entry(ben, post)
    second = await repost_entry(cem, post)
    await posts.resources.invalidations.publish(f"reposts:{post['id']}")
    await dee.follow(cem)
    if followed:
        await dee.follow(ben)
    assert await shown_ids(posts, dee, [second]) == ([] if followed else [second.id])
