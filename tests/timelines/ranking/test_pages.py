"""The ranked timeline over HTTP: what stands in it, who may be in it, and how its pages go on."""

from tests.people import Person
from tests.timelines.ranking.pages import Settle, for_you, ids


async def test_followed_posts_stand_in_it(ana: Person, ben: Person, settle: Settle) -> None:
    await ben.follow(ana)
    posts = [await ana.post(f"Number {number}") for number in range(3)]
    await settle()
    items = await for_you(ben)
    assert set(ids(posts)) <= set(ids(items))
    (why,) = [item["why"] for item in items if item["id"] == posts[0]["id"]]
    assert why["source"] == "following"
    assert why["via"] == [] and why["via_count"] == 0 and why["hashtag"] is None
    assert why["score"] > 0
    assert why["signals"][0]["name"] == "recency"
