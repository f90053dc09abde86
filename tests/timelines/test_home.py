"""The home timeline over HTTP: who sees what, from where, and at what cost."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from rookery.gateway.wiring import Services
from rookery.kit.paging import encode_cursor
from tests.people import Person
from tests.queries import recorded_queries

Settle = Callable[[], Awaitable[None]]


def contents(items: list[dict[str, object]]) -> list[object]:
    return [item["content"] for item in items]


async def test_a_followed_post_arrives_in_a_cached_timeline(ana: Person, ben: Person, settle: Settle) -> None:
    await ben.follow(ana)
    assert await ben.home() == []
    await ana.post("Hello from Ana")
    await settle()
    (item,) = await ben.home()
    assert item["content"] == "Hello from Ana"
    assert item["author"]["username"] == ana.username
    assert item["entry_id"] == item["id"]
    assert item["reposted_by"] is None
    assert item["viewer"] == {"liked": False, "reposted": False, "bookmarked": False}


async def test_own_posts_are_in_it_at_once(ana: Person, settle: Settle) -> None:
    await ana.home()
    await ana.post("To myself")
    await settle()
    assert contents(await ana.home()) == ["To myself"]


async def test_a_stranger_s_posts_are_not(ana: Person, ben: Person, settle: Settle) -> None:
    await ana.post("Not for Ben")
    await settle()
    assert await ben.home() == []


async def test_following_brings_older_posts_on_the_next_read(ana: Person, ben: Person) -> None:
    await ana.post("Before the follow")
    assert await ben.home() == []
    await ben.follow(ana)
    assert contents(await ben.home()) == ["Before the follow"]


async def test_unfollowing_takes_them_on_the_next_read(ana: Person, ben: Person, settle: Settle) -> None:
    await ben.follow(ana)
    await ben.home()
    await ana.post("Soon gone")
    await settle()
    assert len(await ben.home()) == 1
    await ben.unfollow(ana)
    assert await ben.home() == []


async def test_following_again_misses_nothing_of_the_meantime(ana: Person, ben: Person, settle: Settle) -> None:
    await ben.follow(ana)
    await ben.home()
    await ben.unfollow(ana)
    await ana.post("While unfollowed")
    await settle()
    await ben.follow(ana)
    assert contents(await ben.home()) == ["While unfollowed"]


async def test_the_blocked_see_nothing_on_the_next_read(ana: Person, ben: Person, settle: Settle) -> None:
    await ben.follow(ana)
    await ben.home()
    await ana.post("Not for the blocked")
    await settle()
    await ana.block(ben)
    assert await ben.home() == []


async def test_the_muted_are_left_out_on_the_next_read(ana: Person, ben: Person, settle: Settle) -> None:
    await ben.follow(ana)
    await ana.post("Quiet, please")
    await settle()
    assert len(await ben.home()) == 1
    await ben.mute(ana)
    assert await ben.home() == []
    await ben.delete(f"/v1/users/me/mutes/{ana.id}")
    assert len(await ben.home()) == 1


async def test_deletes_and_edits_hold_on_the_next_read(ana: Person, ben: Person, settle: Settle) -> None:
    await ben.follow(ana)
    kept, gone = await ana.post("First words"), await ana.post("Regretted")
    await settle()
    assert len(await ben.home()) == 2
    await ana.delete(f"/v1/posts/{gone['id']}")
    await ana.request("PATCH", f"/v1/posts/{kept['id']}", json={"content": "Second thoughts"})
    assert contents(await ben.home()) == ["Second thoughts"]


async def test_protected_posts_reach_followers_only(ana: Person, ben: Person, cem: Person, settle: Settle) -> None:
    await ben.follow(ana)
    await ana.protect()
    await cem.follow(ana)  # a request
    await ana.post("Among friends")
    await settle()
    assert contents(await ben.home()) == ["Among friends"]
    assert await cem.home() == []


async def test_a_repost_brings_a_stranger_s_post(ana: Person, ben: Person, cem: Person, settle: Settle) -> None:
    await ben.follow(cem)
    await ben.home()
    post = await ana.post("Carried along")
    await cem.repost(post)
    await settle()
    (item,) = await ben.home()
    assert item["id"] == post["id"]
    assert item["entry_id"] != post["id"]
    assert item["reposted_by"]["username"] == cem.username
    await cem.delete(f"/v1/posts/{post['id']}/repost")
    assert await ben.home() == []


async def test_it_is_the_same_with_the_cache_gone(ana: Person, ben: Person, settle: Settle, services: Services) -> None:
    await ben.follow(ana)
    for number in range(7):
        await ana.post(f"Number {number}")
    await settle()
    cached = await ben.home()
    await services.resources.cache.execute("FLUSHALL")
    assert await ben.home() == cached


async def test_scrolling_goes_past_the_cache_into_the_database(
    ana: Person, ben: Person, settle: Settle, services: Services
) -> None:
    await ben.follow(ana)
    posts = [await ana.post(f"Number {number}") for number in range(9)]
    await settle()
    await ben.home()
    key = f"home:{{{ben.id}}}"
    await services.resources.cache.execute("ZREM", key, "e")
    await services.resources.cache.execute("ZREMRANGEBYRANK", key, 5, -1)  # only the newest four stay
    seen: list[str] = []
    cursor = None
    while cursor is not None or not seen:
        page = await ben.get("/v1/timelines/home", limit=2, **({"cursor": cursor} if cursor else {}))
        seen += [item["id"] for item in page["data"]]
        cursor = page["next_cursor"]
    assert seen == [post["id"] for post in reversed(posts)]


async def test_a_warm_page_runs_no_sql(ana: Person, ben: Person, settle: Settle, services: Services) -> None:
    await ben.follow(ana)
    await ana.post("Warm")
    await settle()
    await ben.home()
    for _ in range(2):  # what all readers share is kept for a minute: it may end in one of these, not in both
        with recorded_queries(services.resources.database) as statements:
            assert len(await ben.home()) == 1
        if not statements:
            break
    assert statements == []


async def test_lane_and_route_give_the_same(ana: Person, ben: Person, settle: Settle) -> None:
    """A plain query takes the express lane, one with an escape goes through the router."""
    await ben.follow(ana)
    for number in range(3):
        await ana.post(f"Number {number}")
    await settle()
    page = await ben.get("/v1/timelines/home", limit=2)
    assert page == await ben.get("/v1/timelines/home?%6Cimit=2")
    cursor = page["next_cursor"]
    assert await ben.get(f"/v1/timelines/home?limit=1&cursor={cursor}") == await ben.get(
        f"/v1/timelines/home?cursor={cursor}&limit=1"
    )


async def test_signed_out_is_refused(client: httpx.AsyncClient) -> None:
    response = await client.get("/v1/timelines/home")
    assert response.status_code == 401
    assert response.json()["code"] == "unauthenticated"


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "101"}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"cursor": "no cursor"}, "cursor"),
        ({"cursor": encode_cursor(1, 2)}, "cursor"),
        ({"cursor": "x" * 101}, "cursor"),
        ({"cursor": "\x00"}, "cursor"),
    ],
)
async def test_wrong_parameters_are_named(ana: Person, parameters: dict[str, str], field: str) -> None:
    response = await ana.request("GET", "/v1/timelines/home", params=parameters)
    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == [field]
