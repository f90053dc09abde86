"""Lists of posts and of people: order, paging, and what stays out of them."""

from typing import Any

import httpx
import pytest

from tests.people import Person
from tests.posts.looking import refused


async def pages(person: Person, path: str, limit: int, **params: Any) -> list[list[dict[str, Any]]]:
    """All pages of a list."""
    found = []
    cursor: str | None = None
    while True:
        page = await person.get(path, limit=limit, **params, **({"cursor": cursor} if cursor else {}))
        found.append(page["data"])
        cursor = page["next_cursor"]
        if cursor is None:
            return found


def contents(page: list[dict[str, Any]]) -> list[str]:
    return [item["content"] for item in page]


async def test_posts_of_an_account(ana: Person, ben: Person) -> None:
    of_ben = await ben.post("of ben")
    first = await ana.post("first")
    await ana.repost(of_ben)
    await ana.post("to ben", reply_to_id=of_ben["id"])
    await ana.post("to myself", reply_to_id=first["id"])
    path = f"/v1/users/{ana.id}/posts"
    plain, everything = (await ben.get(path))["data"], (await ben.get(path, with_replies=True))["data"]
    assert contents(plain) == ["to myself", "of ben", "first"]
    assert contents(everything) == ["to myself", "to ben", "of ben", "first"]
    assert [item["reposted_by"] and item["reposted_by"]["id"] for item in plain] == [None, ana.id, None]
    by_two = await pages(ben, path, 2, with_replies=True)
    assert [contents(page) for page in by_two] == [contents(everything)[:2], contents(everything)[2:]]
    assert [contents(page) for page in await pages(ben, path, 1)] == [[content] for content in contents(plain)]


async def test_pages_are_full_though_much_is_hidden(ana: Person, ben: Person, cem: Person) -> None:
    for number in range(6):
        await ana.repost(await ben.post(f"hidden {number}"))
        await ana.post(f"shown {number}")
    await cem.block(ben)
    found = await pages(cem, f"/v1/users/{ana.id}/posts", 4)
    assert [contents(page) for page in found] == [
        ["shown 5", "shown 4", "shown 3", "shown 2"],
        ["shown 1", "shown 0"],
    ]


async def test_a_page_may_be_short_where_nearly_all_is_hidden(
    ana: Person, ben: Person, cem: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rookery.posts.pages.ROUNDS_MAX", 2)
    await ana.post("shown at last")
    for number in range(9):
        await ana.repost(await ben.post(f"hidden {number}"))
    await cem.block(ben)
    first, *others = await pages(cem, f"/v1/users/{ana.id}/posts", 2)
    assert first == []
    assert [contents(page) for page in others if page] == [["shown at last"]]


async def test_muted_accounts_are_shown_to_who_asks_for_them(ana: Person, ben: Person) -> None:
    await ana.post("still here")
    await ben.mute(ana)
    assert contents((await ben.get(f"/v1/users/{ana.id}/posts"))["data"]) == ["still here"]


async def test_whose_posts_are_not_for_everyone(
    ana: Person, ben: Person, cem: Person, dee: Person, client: httpx.AsyncClient
) -> None:
    await ben.follow(ana)
    await ana.post("among us")
    await ana.protect()
    await ana.block(dee)
    path = f"/v1/users/{ana.id}/posts"
    assert len((await ben.get(path))["data"]) == 1
    refused(await cem.request("GET", path), 403, "protected")
    refused(await client.get(path), 403, "protected")
    refused(await dee.request("GET", path), 403, "blocked")
    refused(await ana.request("GET", f"/v1/users/{dee.id}/posts"), 403, "blocked")
    refused(await ana.request("GET", "/v1/users/4711/posts"), 404, "not_found")


@pytest.mark.parametrize(("act", "path"), [("like", "likes"), ("bookmark", "bookmarks")])
async def test_my_marks(ana: Person, ben: Person, cem: Person, act: str, path: str) -> None:
    made = [await (ana if number % 2 else ben).post(f"post {number}") for number in range(5)]
    for post in (made[3], made[0], made[4], made[1]):
        await cem.put(f"/v1/posts/{post['id']}/{act}")
    found = await pages(cem, f"/v1/users/me/{path}", 3)
    assert [contents(page) for page in found] == [["post 1", "post 4", "post 0"], ["post 3"]]
    assert all(item["viewer"]["liked" if act == "like" else "bookmarked"] for page in found for item in page)
    await ben.delete(f"/v1/posts/{made[4]['id']}")
    await ana.block(cem)
    assert contents((await cem.get(f"/v1/users/me/{path}"))["data"]) == ["post 0"]
    assert (await ben.get(f"/v1/users/me/{path}"))["data"] == []


@pytest.mark.parametrize("path", ["likes", "bookmarks"])
async def test_marks_are_for_their_owner(client: httpx.AsyncClient, path: str) -> None:
    refused(await client.get(f"/v1/users/me/{path}"), 401, "unauthenticated")


@pytest.mark.parametrize(("act", "path"), [("like", "likes"), ("repost", "reposts")])
async def test_who_did_it(ana: Person, ben: Person, cem: Person, dee: Person, act: str, path: str) -> None:
    post = await ana.post("popular")
    for person in (ben, cem, dee):
        await person.put(f"/v1/posts/{post['id']}/{act}")
    found = await pages(ana, f"/v1/posts/{post['id']}/{path}", 2)
    assert [[user["id"] for user in page] for page in found] == [[dee.id, cem.id], [ben.id]]
    assert set(found[0][0]) == {"id", "username", "display_name", "avatar_url", "protected"}
    await cem.protect()
    await ben.block(ana)
    assert [user["id"] for user in (await ana.get(f"/v1/posts/{post['id']}/{path}"))["data"]] == [dee.id]


async def test_quotes_of_a_post(ana: Person, ben: Person, cem: Person, dee: Person) -> None:
    post = await ana.post("quotable")
    for person in (ben, cem, dee):
        await person.post(f"quote of {person.username}", quote_of_id=post["id"])
    path = f"/v1/posts/{post['id']}/quotes"
    assert [[item["author"]["id"] for item in page] for page in await pages(ana, path, 2)] == [
        [dee.id, cem.id],
        [ben.id],
    ]
    await ana.mute(cem)
    await ana.block(dee)
    (left,) = (await ana.get(path))["data"]
    assert left["author"]["id"] == ben.id
    assert left["quote_of"]["post"]["id"] == post["id"]


@pytest.mark.parametrize("path", ["likes", "reposts", "quotes", "thread", "history"])
async def test_lists_of_hidden_posts_do_not_exist(ana: Person, ben: Person, path: str) -> None:
    post = await ana.post("hidden")
    await ana.block(ben)
    refused(await ben.request("GET", f"/v1/posts/{post['id']}/{path}"), 404, "not_found")
    refused(await ben.request("GET", f"/v1/posts/4711/{path}"), 404, "not_found")


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 101}, "limit"),
        ({"limit": "x"}, "limit"),
        ({"cursor": "x"}, "cursor"),
        ({"cursor": "\x00"}, "cursor"),
        ({"cursor": "y" * 101}, "cursor"),
        ({"with_replies": "perhaps"}, "with_replies"),
        ({"only_media": "perhaps"}, "only_media"),
    ],
)
async def test_parameters_that_no_list_has(ana: Person, params: dict[str, Any], field: str) -> None:
    refused(await ana.request("GET", f"/v1/users/{ana.id}/posts", params=params), 400, "invalid", field)
