"""Pages go on without repeats or gaps, in both orders, while others write."""

import random
from collections.abc import AsyncIterator

import pytest

from rookery.kit.ids import MAX_ID
from rookery.kit.paging import decode_cursor, encode_cursor
from rookery.search.windows import Stretch, Windows
from tests.people import Person
from tests.search.searching import PATH, Settle, all_pages


@pytest.mark.parametrize("order", ["latest", "relevance"])
@pytest.mark.parametrize("block", [4, 500])
async def test_all_pages_together_are_everything_once(
    ana: Person, ben: Person, settle: Settle, monkeypatch: pytest.MonkeyPatch, order: str, block: int
) -> None:
    monkeypatch.setattr("rookery.search.post_search.BLOCK", block)
    monkeypatch.setattr("rookery.search.windows.FIRST_POSTS", 3)
    words = random.Random(block)
    posts = [await ana.post(f"{'rook ' * words.randrange(1, 4)}{ana.username} {number}") for number in range(23)]
    for post in posts[::4]:
        await ben.like(post)
    await settle()
    pages = await all_pages(ben, f"rook {ana.username}", order=order, limit=3)
    ids = [post_id for page in pages for post_id in page]
    assert sorted(ids) == sorted(post["id"] for post in posts)
    assert all(len(page) == 3 for page in pages[:-1])
    if order == "latest":
        assert ids == [post["id"] for post in reversed(posts)]


@pytest.mark.parametrize("order", ["latest", "relevance"])
async def test_new_posts_disturb_no_page(ana: Person, settle: Settle, order: str) -> None:
    posts = [await ana.post(f"rook {ana.username} {number}") for number in range(6)]
    await settle()
    first = await ana.get(PATH, q=ana.username, order=order, limit=3)
    late = [await ana.post(f"rook {ana.username} late {number}") for number in range(4)]
    await settle()
    second = await ana.get(PATH, q=ana.username, order=order, limit=3, cursor=first["next_cursor"])
    ids = [post["id"] for page in (first, second) for post in page["data"]]
    assert sorted(ids) == sorted(post["id"] for post in posts)
    assert len({post["id"] for post in late} & set(ids)) == 0


async def test_a_search_that_meets_too_much_gives_a_short_page_that_goes_on(
    ana: Person, ben: Person, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = await ana.post(f"rook {ana.username} wanted")
    await ben.like(wanted)
    posts = [wanted, *[await ana.post(f"rook {ana.username} {number}") for number in range(8)]]
    await settle()

    async def two_posts_at_once(_: Windows, since: int, before: int) -> AsyncIterator[Stretch]:
        for bottom in [*(int(post["id"]) for post in posts[::-2]), since]:
            if bottom < before:
                yield Stretch(bottom, before)
                before = bottom

    monkeypatch.setattr(Windows, "stretches", two_posts_at_once)
    monkeypatch.setattr("rookery.search.post_search.EXAMINED_MAX", 3)
    for order in ("latest", "relevance"):
        pages = await all_pages(ben, f"{ana.username} min_likes:1", order=order, limit=2)
        assert [post_id for page in pages for post_id in page] == [wanted["id"]]
        assert len(pages) > 3


async def test_a_made_up_place_is_refused(ana: Person, ben: Person, settle: Settle) -> None:
    """A block says how much is looked at. It holds for the query that it was given for, for whoever asks it."""
    for number in range(3):
        await ana.post(f"rook {ana.username} {number}")
    await settle()
    asked = {"q": ana.username, "order": "relevance", "limit": 1}
    cursor = (await ana.get(PATH, **asked))["next_cursor"]
    assert (await ben.get(PATH, **asked, cursor=cursor))["data"]
    top, bottom, score, post_id, mark = decode_cursor(cursor, 5)
    for wrong in (
        {**asked, "cursor": encode_cursor(top, 1, score, post_id, mark)},
        {**asked, "cursor": encode_cursor(MAX_ID, bottom, score, post_id, mark)},
        {**asked, "cursor": encode_cursor(top, bottom, score, post_id)},
        {**asked, "cursor": cursor, "q": "rook"},
        {**asked, "cursor": cursor, "order": "latest"},
    ):
        answer = await ana.request("GET", PATH, params=wrong)
        assert answer.status_code == 400, wrong
        assert [error["field"] for error in answer.json()["errors"]] == ["cursor"]
