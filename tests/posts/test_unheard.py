"""Requests committed and never answered: who repeats them is shown the truth, and other processes hear of it."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from rookery.kit.problems import Unavailable
from rookery.posts.consumers import subscriptions
from rookery.posts.service import Posts
from tests.people import Person, ok
from tests.posts.looking import events_of, refused

Settle = Callable[[], Awaitable[None]]


@pytest.fixture
def published(posts: Posts, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The keys that this process has published."""
    keys: list[str] = []
    publish = posts.resources.invalidations.publish

    async def record(*some: str) -> bool:
        keys.extend(some)
        return await publish(*some)

    monkeypatch.setattr(posts.resources.invalidations, "publish", record)
    return keys


async def unheard(posts: Posts, person: Person, method: str, path: str, **options: Any) -> None:
    """A request that is cut off between its commit and what comes after it."""

    async def cut_off(*_: object) -> bool:
        raise Unavailable("cut off")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(posts.resources.invalidations, "publish", cut_off)
        refused(await person.request(method, path, **options), 503, "unavailable")


@pytest.mark.parametrize(("act", "flag"), [("like", "liked"), ("repost", "reposted"), ("bookmark", "bookmarked")])
async def test_a_repeated_mark_shows(posts: Posts, ana: Person, ben: Person, act: str, flag: str) -> None:
    path = f"/v1/posts/{(await ana.post('markable'))['id']}"
    assert not (await ben.get(path))["viewer"][flag]
    await unheard(posts, ben, "PUT", f"{path}/{act}")
    assert (await ben.put(f"{path}/{act}"))["viewer"][flag]
    await unheard(posts, ben, "DELETE", f"{path}/{act}")
    assert not (await ben.delete(f"{path}/{act}"))["viewer"][flag]
    assert not (await ben.get(path))["viewer"][flag]


async def test_a_repeated_delete_is_told(posts: Posts, ana: Person, ben: Person, published: list[str]) -> None:
    post = await ana.post("gone soon")
    path = f"/v1/posts/{post['id']}"
    await ben.get(path)
    await unheard(posts, ana, "DELETE", path)
    refused(await ana.request("DELETE", path), 404, "not_found")
    refused(await ben.request("GET", path), 404, "not_found")
    assert f"post:{post['id']}" in published


async def test_a_repeated_edit_is_told(posts: Posts, ana: Person, ben: Person, published: list[str]) -> None:
    post = await ana.post("before")
    path = f"/v1/posts/{post['id']}"
    await ben.get(path)
    await unheard(posts, ana, "PATCH", path, json={"content": "after"})
    edited = ok(await ana.request("PATCH", path, json={"content": "after"}))
    assert (edited["content"], edited["revision"]) == ("after", 2)
    assert f"post:{post['id']}" in published


async def test_counted_events_that_come_again_are_told(
    ana: Person, posts: Posts, settle: Settle, published: list[str]
) -> None:
    post = await ana.post("countable")
    await ana.like(post)
    await settle()
    published.clear()
    (counters,) = subscriptions(posts)
    await counters.handle(await events_of(posts.resources.database, ana))
    assert f"post:{post['id']}" in published
