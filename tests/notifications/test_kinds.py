"""Every kind of act, told once and to the right person."""

from collections.abc import Awaitable, Callable
from typing import Any

from tests.people import Person

Settle = Callable[[], Awaitable[None]]


async def told(person: Person, **params: Any) -> list[dict[str, Any]]:
    page = await person.get("/v1/notifications", **params)
    rows: list[dict[str, Any]] = page["data"]
    return rows


def gist(row: dict[str, Any]) -> tuple[str, int, list[str]]:
    return row["type"], row["count"], [actor["id"] for actor in row["actors"]]


async def test_a_follow(ana: Person, ben: Person, settle: Settle) -> None:
    await ben.follow(ana)
    await settle()
    [row] = await told(ana)
    assert gist(row) == ("follow", 1, [ben.id])
    assert row["post"] is None
    assert row["read"] is False
    assert await told(ben) == []


async def test_an_unfollow_takes_it_back(ana: Person, ben: Person, settle: Settle) -> None:
    await ben.follow(ana)
    await settle()
    await ben.unfollow(ana)
    await settle()
    assert await told(ana) == []
    assert (await ana.get("/v1/notifications/unread-count")) == {"unread_count": 0}


async def test_a_request_and_its_acceptance(ana: Person, ben: Person, settle: Settle) -> None:
    await ana.protect()
    await ben.follow(ana)
    await settle()
    assert [gist(row) for row in await told(ana)] == [("follow_request", 1, [ben.id])]
    await ana.put(f"/v1/users/me/follow-requests/{ben.id}")
    await settle()
    assert await told(ana) == []
    assert [gist(row) for row in await told(ben)] == [("follow_accepted", 1, [ana.id])]


async def test_a_cancelled_request_disappears(ana: Person, ben: Person, settle: Settle) -> None:
    await ana.protect()
    await ben.follow(ana)
    await settle()
    await ben.unfollow(ana)
    await settle()
    assert await told(ana) == []


async def test_a_mention(ana: Person, ben: Person, settle: Settle) -> None:
    post = await ben.post(f"hello @{ana.username}")
    await settle()
    [row] = await told(ana)
    assert gist(row) == ("mention", 1, [ben.id])
    assert row["post"]["id"] == post["id"]
    assert row["post"]["content"] == post["content"]


async def test_a_reply_that_mentions_is_a_reply(ana: Person, ben: Person, settle: Settle) -> None:
    post = await ana.post("first")
    reply = await ben.post(f"@{ana.username} second", reply_to_id=post["id"])
    await settle()
    [row] = await told(ana)
    assert gist(row) == ("reply", 1, [ben.id])
    assert row["post"]["id"] == reply["id"]


async def test_a_quote_that_mentions_is_a_quote(ana: Person, ben: Person, settle: Settle) -> None:
    post = await ana.post("first")
    quote = await ben.post(f"look, @{ana.username}", quote_of_id=post["id"])
    await settle()
    [row] = await told(ana)
    assert gist(row) == ("quote", 1, [ben.id])
    assert row["post"]["quote_of"]["post"]["id"] == post["id"]
    assert row["post"]["id"] == quote["id"]


async def test_a_reply_to_one_with_a_mention_of_another(ana: Person, ben: Person, cem: Person, settle: Settle) -> None:
    post = await ana.post("first")
    await ben.post(f"ask @{cem.username}", reply_to_id=post["id"])
    await settle()
    assert [gist(row) for row in await told(ana)] == [("reply", 1, [ben.id])]
    assert [gist(row) for row in await told(cem)] == [("mention", 1, [ben.id])]


async def test_an_edit_tells_whom_it_adds_and_nobody_again(
    ana: Person, ben: Person, cem: Person, settle: Settle
) -> None:
    post = await ben.post(f"hi @{ana.username}")
    response = await ben.request(
        "PATCH", f"/v1/posts/{post['id']}", json={"content": f"hi @{ana.username} @{cem.username}"}
    )
    assert response.status_code == 200
    await settle()
    assert [gist(row) for row in await told(ana)] == [("mention", 1, [ben.id])]
    assert [gist(row) for row in await told(cem)] == [("mention", 1, [ben.id])]


async def test_likes_of_a_post_are_one_group(ana: Person, ben: Person, cem: Person, settle: Settle) -> None:
    post = await ana.post("nice")
    await ben.like(post)
    await settle()
    await cem.like(post)
    await settle()
    [row] = await told(ana)
    assert gist(row) == ("like", 2, [cem.id, ben.id])
    assert row["post"]["id"] == post["id"]


async def test_likes_of_two_posts_are_two_groups(ana: Person, ben: Person, settle: Settle) -> None:
    for content in ("one", "two"):
        await ben.like(await ana.post(content))
    await settle()
    assert [row["post"]["content"] for row in await told(ana)] == ["two", "one"]


async def test_an_unlike_counts_down(ana: Person, ben: Person, cem: Person, settle: Settle) -> None:
    post = await ana.post("nice")
    await ben.like(post)
    await cem.like(post)
    await settle()
    await cem.delete(f"/v1/posts/{post['id']}/like")
    await settle()
    assert [gist(row) for row in await told(ana)] == [("like", 1, [ben.id])]


async def test_an_unlike_before_anybody_looked(ana: Person, ben: Person, settle: Settle) -> None:
    post = await ana.post("nice")
    for _ in range(3):
        await ben.like(post)
        await ben.delete(f"/v1/posts/{post['id']}/like")
    await settle()
    assert await told(ana) == []


async def test_a_repost_and_its_end(ana: Person, ben: Person, settle: Settle) -> None:
    post = await ana.post("nice")
    await ben.repost(post)
    await settle()
    assert [gist(row) for row in await told(ana)] == [("repost", 1, [ben.id])]
    await ben.delete(f"/v1/posts/{post['id']}/repost")
    await settle()
    assert await told(ana) == []


async def test_a_deleted_post_takes_its_notifications_along(ana: Person, ben: Person, settle: Settle) -> None:
    mine = await ana.post("mine")
    await ben.like(mine)
    theirs = await ben.post(f"hey @{ana.username}")
    await settle()
    assert len(await told(ana)) == 2
    await ana.delete(f"/v1/posts/{mine['id']}")
    await ben.delete(f"/v1/posts/{theirs['id']}")
    assert await told(ana) == []
    await settle()
    assert await ana.get("/v1/notifications") == {"data": [], "next_cursor": None, "unread_count": 0}


async def test_nobody_is_told_of_themselves(ana: Person, settle: Settle) -> None:
    post = await ana.post(f"me, @{ana.username}")
    await ana.like(post)
    await ana.repost(post)
    await ana.post("again", reply_to_id=post["id"])
    await ana.post("and again", quote_of_id=post["id"])
    await settle()
    assert await told(ana) == []


async def test_the_blocked_and_the_muted_are_not_heard(
    ana: Person, ben: Person, cem: Person, dee: Person, settle: Settle
) -> None:
    post = await ana.post("nice")
    await ana.block(ben)
    await dee.block(ana)
    await ana.mute(cem)
    await ben.post(f"@{ana.username}")
    await cem.like(post)
    await cem.follow(ana)
    await dee.post(f"@{ana.username}")
    await settle()
    assert await ana.get("/v1/notifications") == {"data": [], "next_cursor": None, "unread_count": 0}


async def test_a_later_block_takes_back_what_was_told(ana: Person, ben: Person, cem: Person, settle: Settle) -> None:
    post = await ana.post("nice")
    await ben.like(post)
    await cem.like(post)
    await ben.post(f"@{ana.username}")
    await settle()
    assert len(await told(ana)) == 2
    await ana.block(ben)
    assert [gist(row) for row in await told(ana)] == [("like", 1, [cem.id])]
    await settle()
    page = await ana.get("/v1/notifications")
    assert [gist(row) for row in page["data"]] == [("like", 1, [cem.id])]
    assert page["unread_count"] == 1


async def test_a_later_mute_hides_and_unmuting_shows(ana: Person, ben: Person, settle: Settle) -> None:
    await ben.follow(ana)
    await settle()
    await ana.mute(ben)
    assert await ana.get("/v1/notifications") == {"data": [], "next_cursor": None, "unread_count": 0}
    await ana.delete(f"/v1/users/me/mutes/{ben.id}")
    page = await ana.get("/v1/notifications")
    assert [gist(row) for row in page["data"]] == [("follow", 1, [ben.id])]
    assert page["unread_count"] == 1


async def test_a_protected_author_tells_followers_only(ana: Person, ben: Person, cem: Person, settle: Settle) -> None:
    await ana.follow(ben)
    await ben.protect()
    await settle()
    await ben.post(f"@{ana.username} and @{cem.username}")
    await settle()
    assert [gist(row) for row in await told(ana)] == [("mention", 1, [ben.id])]
    assert await cem.get("/v1/notifications") == {"data": [], "next_cursor": None, "unread_count": 0}
