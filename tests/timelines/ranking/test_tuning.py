"""What readers set: weights, less, seen; each at once, for themselves alone."""

from typing import Any

import pytest

from rookery.timelines.ranking.weights import SETTABLE
from tests.people import Person, ok
from tests.timelines.ranking.pages import PATH, Settle, find, for_you, ids, names_of

RANKING = "/v1/users/me/ranking"


async def change(person: Person, **fields: Any) -> Any:
    return ok(await person.request("PATCH", RANKING, json=fields))


async def less(person: Person, post: dict[str, Any]) -> None:
    await person.put(f"{PATH}/less/{post['id']}")


async def score_of(reader: Person, post: dict[str, Any]) -> float:
    item = find(await for_you(reader), post)
    assert item is not None
    return float(item["why"]["score"])


async def test_defaults(ana: Person) -> None:
    ranking = await ana.get(RANKING)
    assert set(ranking["weights"]) == set(SETTABLE)
    assert ranking["weights"] == ranking["defaults"]
    assert set(ranking["defaults"].values()) == {1.0}
    assert ranking["half_life_hours"] == ranking["default_half_life_hours"]
    assert ranking["bounds"]["recency"] == {"min": 0.0, "max": 3.0}
    assert ranking["less"] == {"posts": 0, "authors": 0}


async def test_changes_add_up_and_go_back(ana: Person, ben: Person) -> None:
    await change(ana, weights={"recency": 0, "network": 2.5})
    after = await change(ana, weights={"network": None, "media": 3}, half_life_hours=48)
    assert (after["weights"]["recency"], after["weights"]["network"], after["weights"]["media"]) == (0.0, 1.0, 3.0)
    assert after["half_life_hours"] == 48.0
    assert await ana.get(RANKING) == after
    back = await change(ana, half_life_hours=None)
    assert back["half_life_hours"] == back["default_half_life_hours"]
    assert (await ben.get(RANKING))["weights"]["recency"] == 1.0
    assert await change(ana) == back


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"weights": {"recency": -0.1}}, "weights.recency"),
        ({"weights": {"seen": 3.01}}, "weights.seen"),
        ({"weights": {"less": 1}}, "weights.less"),
        ({"weights": {"recency": "1"}}, "weights.recency"),
        ({"weights": None}, "weights"),
        ({"half_life_hours": 0.9}, "half_life_hours"),
        ({"half_life_hours": 169}, "half_life_hours"),
        ({"half_life": 24}, "half_life"),
    ],
)
async def test_wrong_settings_are_named(ana: Person, body: dict[str, Any], field: str) -> None:
    before = await ana.get(RANKING)
    response = await ana.request("PATCH", RANKING, json=body)
    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert await ana.get(RANKING) == before


async def test_weights_hold_on_the_very_next_first_page(ana: Person, ben: Person, cem: Person, settle: Settle) -> None:
    for author in (ana, cem):
        await ben.follow(author)
    for number in range(4):
        await ben.like(await ana.post(f"Liked {number}"))
    await cem.post("Much newer")
    await settle()
    assert any("affinity" in names_of(item) for item in await for_you(ben))
    await change(ben, weights=dict.fromkeys(SETTABLE, 0.0))
    items = await for_you(ben)
    assert ids(items) == sorted(ids(items), key=int, reverse=True)
    assert {item["why"]["score"] for item in items} == {0.0}
    assert not any(names_of(item) for item in items)


async def test_less_acts_at_once_on_post_author_and_hashtag(
    ana: Person, ben: Person, cem: Person, settle: Settle
) -> None:
    tag = f"tag{ana.username.lower()}"
    for author in (ana, cem):
        await ben.follow(author)
    annoying, other = await ana.post(f"Annoying #{tag}"), await ana.post("By the same")
    alike, neutral = await cem.post(f"Alike #{tag}"), await cem.post("Something else")
    await settle()
    page = await ben.get(PATH, limit=1)
    before = {post["id"]: await score_of(ben, post) for post in (other, alike)}
    await less(ben, annoying)
    await less(ben, annoying)
    items = await for_you(ben)
    assert find(items, annoying) is None
    assert find(await for_you(ben, cursor=page["next_cursor"]), annoying) is None
    for post in (other, alike):
        item = find(items, post)
        assert item is not None and "less" in names_of(item)
        assert item["why"]["score"] < 0.6 * before[post["id"]]
        assert min(signal["share"] for signal in item["why"]["signals"]) < 0
    item = find(items, neutral)
    assert item is not None and "less" not in names_of(item)
    assert (await ben.get(RANKING))["less"] == {"posts": 1, "authors": 1}


async def test_undo_and_forget(ana: Person, ben: Person, settle: Settle) -> None:
    await ben.follow(ana)
    posts = [await ana.post(f"Number {number}") for number in range(3)]
    await settle()
    for post in posts[:2]:
        await less(ben, post)
    await ben.delete(f"{PATH}/less/{posts[0]['id']}")
    await ben.delete(f"{PATH}/less/{posts[0]['id']}")
    assert (await ben.get(RANKING))["less"] == {"posts": 1, "authors": 1}
    assert find(await for_you(ben), posts[0]) is not None
    await ben.delete(f"{RANKING}/less")
    await ben.delete(f"{RANKING}/less")
    items = await for_you(ben)
    assert set(ids(posts)) <= set(ids(items))
    assert not any("less" in names_of(item) for item in items)


async def test_less_is_the_reader_s_own(ana: Person, ben: Person, cem: Person, settle: Settle) -> None:
    for reader in (ben, cem):
        await reader.follow(ana)
    post = await ana.post("Liked by one")
    await settle()
    await less(ben, post)
    assert find(await for_you(cem), post) is not None
    assert (await cem.get(RANKING))["less"]["posts"] == 0


async def test_less_of_what_may_not_be_seen_is_refused(ana: Person, ben: Person, cem: Person) -> None:
    hidden, gone = await ana.post("Hidden"), await cem.post("Gone")
    await ana.block(ben)
    await cem.delete(f"/v1/posts/{gone['id']}")
    closed = await cem.post("Among friends")
    await cem.protect()
    for post in (hidden, gone, closed, {"id": "1"}):
        response = await ben.request("PUT", f"{PATH}/less/{post['id']}")
        assert response.status_code == 404
    assert (await ben.get(RANKING))["less"]["posts"] == 0


async def test_what_was_seen_stands_lower_later(ana: Person, ben: Person, cem: Person, settle: Settle) -> None:
    await ben.follow(ana)
    seen, unseen = await ana.post("On the screen"), await ana.post("Below it")
    await settle()
    before = await score_of(ben, seen)
    await ben.request("POST", f"{PATH}/seen", json={"post_ids": [seen["id"], seen["id"], "1"]})
    items = await for_you(ben)
    item, other = find(items, seen), find(items, unseen)
    assert item is not None and other is not None
    assert "seen" in names_of(item) and "seen" not in names_of(other)
    assert item["why"]["score"] < 0.3 * before
    await change(ben, weights={"seen": 0})
    assert await score_of(ben, seen) > 0.3 * before


@pytest.mark.parametrize(
    ("post_ids", "field"),
    [
        ([], "post_ids"),
        (["1"] * 101, "post_ids"),
        (["x"], "post_ids[0]"),
        (["1", "9" * 19], "post_ids[1]"),
        (None, "post_ids"),
    ],
)
async def test_wrong_seen_ids_are_named(ana: Person, post_ids: Any, field: str) -> None:
    response = await ana.request("POST", f"{PATH}/seen", json={"post_ids": post_ids})
    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == [field]
