"""The ranked timeline over HTTP: what stands in it and why, who may be in it, and how its pages go on."""

import httpx
import pytest

from rookery.gateway.wiring import Services
from rookery.kit.ids import first_id_at, wall_clock_ms
from rookery.kit.paging import encode_cursor
from tests.people import Person
from tests.queries import recorded_queries
from tests.timelines.ranking.pages import HIDING, PATH, Settle, find, for_you, hide, ids, names_of


async def test_followed_posts_stand_in_it(ana: Person, ben: Person, settle: Settle) -> None:
    await ben.follow(ana)
    posts = [await ana.post(f"Number {number}") for number in range(3)]
    await settle()
    items = await for_you(ben)
    assert set(ids(posts)) <= set(ids(items))
    item = find(items, posts[0])
    assert item is not None
    why = item["why"]
    assert (why["source"], why["via"], why["via_count"], why["hashtag"]) == ("following", [], 0, None)
    assert why["score"] > 0
    assert why["signals"][0]["name"] == "recency"
    assert item["entry_id"] == item["id"] and item["reposted_by"] is None


async def test_own_posts_do_not(ana: Person, look_again: Settle) -> None:
    post = await ana.post("To myself #ownpost")
    await look_again()
    assert find(await for_you(ana), post) is None


async def test_what_followees_like_and_repost_comes_by_way_of_them(
    ana: Person, ben: Person, cem: Person, dee: Person, look_again: Settle
) -> None:
    for followee in (cem, dee):
        await ben.follow(followee)
    liked, reposted = await ana.post("Liked by Cem"), await ana.post("Reposted by both")
    await cem.like(liked)
    for followee in (cem, dee):
        await followee.repost(reposted)
    await look_again()
    items = await for_you(ben)
    first, second = find(items, liked), find(items, reposted)
    assert first is not None and second is not None
    assert first["why"]["source"] == second["why"]["source"] == "network"
    assert ids(first["why"]["via"]) == [cem.id] and first["why"]["via_count"] == 1
    assert set(ids(second["why"]["via"])) == {cem.id, dee.id} and second["why"]["via_count"] == 2
    assert "network" in names_of(first)
    assert ids(items).count(reposted["id"]) == 1


async def test_what_was_taken_back_vouches_no_more(ana: Person, ben: Person, cem: Person, look_again: Settle) -> None:
    await ben.follow(cem)
    post = await ana.post("Liked for a moment")
    await cem.like(post)
    await cem.delete(f"/v1/posts/{post['id']}/like")
    await look_again()
    item = find(await for_you(ben), post)
    assert item is None or item["why"]["via_count"] == 0


async def test_authors_do_not_vouch_for_themselves(ana: Person, ben: Person, look_again: Settle) -> None:
    await ben.follow(ana)
    post = await ana.post("Liked by myself")
    await ana.like(post)
    await look_again()
    item = find(await for_you(ben), post)
    assert item is not None
    assert (item["why"]["via"], item["why"]["via_count"]) == ([], 0)


async def test_bookmarks_stay_private(ana: Person, ben: Person, cem: Person, look_again: Settle) -> None:
    await ben.follow(cem)
    post = await ana.post("Kept in secret")
    await cem.put(f"/v1/posts/{post['id']}/bookmark")
    await look_again()
    item = find(await for_you(ben), post)
    assert item is None or (item["why"]["via"], item["why"]["via_count"]) == ([], 0)


async def test_a_muted_followee_is_not_named(ana: Person, ben: Person, cem: Person, look_again: Settle) -> None:
    await ben.follow(cem)
    post = await ana.post("Liked by the muted")
    await cem.like(post)
    await look_again()
    assert find(await for_you(ben), post) is not None
    await ben.mute(cem)
    item = find(await for_you(ben), post)
    assert item is None or item["why"]["via"] == []


async def test_trending_in_a_hashtag_that_the_reader_engages_with(
    ana: Person, ben: Person, cem: Person, look_again: Settle
) -> None:
    tag = f"tag{ana.username.lower()}"
    liked, hot = await ana.post(f"First #{tag}"), await cem.post(f"Second #{tag.upper()}")
    await ben.like(liked)
    await ana.like(hot)
    await look_again()
    item = find(await for_you(ben), hot)
    assert item is not None
    assert (item["why"]["source"], item["why"]["hashtag"]) == ("trending", tag)
    assert "trending" in names_of(item)


async def test_who_follows_nobody_gets_what_the_instance_has(ana: Person, dee: Person, look_again: Settle) -> None:
    post = await ana.post("For everybody")
    await look_again()
    items = await for_you(dee)
    item = find(items, post)
    assert item is not None
    assert (item["why"]["source"], item["why"]["hashtag"], item["why"]["via"]) == ("trending", None, [])


@pytest.mark.parametrize("act", HIDING)
async def test_what_may_not_be_seen_is_gone_on_the_next_request(
    ana: Person, ben: Person, cem: Person, look_again: Settle, act: str
) -> None:
    """A stranger's post that came by a followee, on a first page and on one that goes on."""
    await ben.follow(cem)
    post = await ana.post("Soon out of sight")
    await cem.like(post)
    await cem.post("In sight")
    await look_again()
    page = await ben.get(PATH, limit=1)
    assert find(await for_you(ben), post) is not None
    await hide(post, ana, ben, act)
    assert find(await for_you(ben), post) is None
    assert find(await for_you(ben, cursor=page["next_cursor"]), post) is None


async def test_protected_posts_reach_followers_only(ana: Person, ben: Person, cem: Person, look_again: Settle) -> None:
    await ben.follow(ana)
    await ana.protect()
    post = await ana.post("Among friends")
    await ben.like(post)
    await cem.follow(ben)
    await look_again()
    assert find(await for_you(ben), post) is not None
    assert find(await for_you(cem), post) is None


async def test_replies_to_strangers_are_left_out(ana: Person, ben: Person, cem: Person, settle: Settle) -> None:
    await ben.follow(ana)
    strangers = await cem.post("By a stranger")
    to_stranger = await ana.post("To Cem", reply_to_id=strangers["id"])
    first = await ana.post("One")
    to_self = await ana.post("Two", reply_to_id=first["id"])
    await settle()
    items = await for_you(ben)
    assert find(items, to_stranger) is None
    assert find(items, to_self) is not None
    await ben.follow(cem)
    assert find(await for_you(ben), to_stranger) is not None


async def test_affinity_raises_an_author(ana: Person, ben: Person, cem: Person, settle: Settle) -> None:
    for author in (ana, cem):
        await ben.follow(author)
    for number in range(4):
        await ben.like(await ana.post(f"Liked {number}"))
    of_ana, of_cem = await ana.post("By a friend"), await cem.post("By another")
    await ben.request("PATCH", "/v1/users/me/ranking", json={"weights": {"diversity": 0}})
    await settle()
    items = await for_you(ben)
    first, second = find(items, of_ana), find(items, of_cem)
    assert first is not None and second is not None
    assert "affinity" in names_of(first) and "affinity" not in names_of(second)
    assert first["why"]["score"] > second["why"]["score"]


async def test_authors_who_answer_are_told(ana: Person, ben: Person, cem: Person, look_again: Settle) -> None:
    await ben.follow(ana)
    post = await ana.post("Ask me")
    question = await cem.post("Why?", reply_to_id=post["id"])
    answer = await ana.post("Because", reply_to_id=question["id"])
    await look_again()
    item = find(await for_you(ben), post)
    assert item is not None and "author_replies" in names_of(item)
    await ana.delete(f"/v1/posts/{answer['id']}")
    await look_again()
    item = find(await for_you(ben), post)
    assert item is not None and "author_replies" not in names_of(item)


async def test_pages_go_on_without_repeats_while_posts_arrive(
    ana: Person, ben: Person, settle: Settle, services: Services
) -> None:
    await ben.follow(ana)
    posts = [await ana.post(f"Number {number}") for number in range(9)]
    await settle()
    whole = ids(await for_you(ben))
    page = await ben.get(PATH, limit=2)
    seen, fresh_at = ids(page["data"]), page["fresh_at"]
    new = await ana.post("Just now")
    await settle()
    while page["next_cursor"]:
        page = await ben.get(PATH, limit=2, cursor=page["next_cursor"])
        assert page["fresh_at"] == fresh_at
        seen += ids(page["data"])
        await ben.like(posts[0])
    assert seen == whole
    assert new["id"] not in seen
    assert find(await for_you(ben), new) is not None


async def test_a_flush_between_pages_loses_nothing(
    ana: Person, ben: Person, settle: Settle, services: Services
) -> None:
    await ben.follow(ana)
    for number in range(7):
        await ana.post(f"Number {number}")
    await settle()
    whole = ids(await for_you(ben))
    page = await ben.get(PATH, limit=3)
    seen = ids(page["data"])
    await ana.post("After the first page")
    await settle()
    await ben.request("POST", f"{PATH}/seen", json={"post_ids": seen})
    while page["next_cursor"]:
        await services.resources.cache.execute("FLUSHALL")
        page = await ben.get(PATH, limit=3, cursor=page["next_cursor"])
        seen += ids(page["data"])
    assert seen == whole


async def test_two_rankings_of_one_reader_go_on_side_by_side(ana: Person, ben: Person, settle: Settle) -> None:
    await ben.follow(ana)
    for number in range(6):
        await ana.post(f"Number {number}")
    await settle()
    phone, tablet = await ben.get(PATH, limit=2), await ben.get(PATH, limit=3)
    for page in (phone, tablet):
        rest = await for_you(ben, cursor=page["next_cursor"])
        assert not {*ids(page["data"])} & {*ids(rest)}


async def test_cursors_that_nobody_was_given_lead_to_a_page(ana: Person) -> None:
    now = wall_clock_ms()
    for value in (0, 1, 2**63 - 1, first_id_at(now), first_id_at(now) + 65_535, first_id_at(now + 10**9)):
        page = await ana.get(PATH, cursor=encode_cursor(value))
        assert page["fresh_at"].endswith("Z")


async def test_a_warm_page_runs_little_sql(
    ana: Person, ben: Person, cem: Person, settle: Settle, services: Services
) -> None:
    """Ranked anew none, as a page that goes on; one statement where something changed."""
    await ben.follow(ana)
    posts = [await ana.post(f"Number {number}") for number in range(5)]
    await settle()
    await for_you(ben)
    page = await ben.get(PATH, limit=2)
    with recorded_queries(services.resources.database) as statements:
        await for_you(ben)
        await ben.get(PATH, limit=2, cursor=page["next_cursor"])
    assert statements == []
    await ben.request("POST", f"{PATH}/seen", json={"post_ids": ids(posts)})
    with recorded_queries(services.resources.database) as statements:
        await for_you(ben)
    assert len(statements) == 1


async def test_signed_out_is_refused(client: httpx.AsyncClient) -> None:
    for method, path in (
        ("GET", PATH),
        ("PUT", f"{PATH}/less/1"),
        ("DELETE", f"{PATH}/less/1"),
        ("POST", f"{PATH}/seen"),
        ("GET", "/v1/users/me/ranking"),
        ("PATCH", "/v1/users/me/ranking"),
        ("DELETE", "/v1/users/me/ranking/less"),
    ):
        assert (await client.request(method, path)).status_code == 401


@pytest.mark.parametrize(
    ("parameters", "field"),
    [({"limit": "0"}, "limit"), ({"limit": "101"}, "limit"), ({"cursor": "no cursor"}, "cursor")],
)
async def test_wrong_parameters_are_named(ana: Person, parameters: dict[str, str], field: str) -> None:
    response = await ana.request("GET", PATH, params=parameters)
    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == [field]
