"""Paging, read state, and what strangers and bad input get."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from rookery.gateway.wiring import Services
from tests.notifications.test_kinds import gist, told
from tests.people import Person
from tests.queries import recorded_queries

Settle = Callable[[], Awaitable[None]]


async def mentions(actor: Person, target: Person, count: int) -> list[str]:
    """Ids of `count` posts that mention the target, newest first."""
    posts = [await actor.post(f"{number} @{target.username}") for number in range(count)]
    return [post["id"] for post in reversed(posts)]


async def unread(person: Person) -> int:
    count: int = (await person.get("/v1/notifications/unread-count"))["unread_count"]
    return count


async def test_pages_go_on_to_the_end(ana: Person, ben: Person, settle: Settle) -> None:
    expected = await mentions(ben, ana, 7)
    await settle()
    seen: list[str] = []
    cursor: str | None = None
    for _ in range(4):
        params: dict[str, Any] = {"limit": 3} if cursor is None else {"limit": 3, "cursor": cursor}
        page = await ana.get("/v1/notifications", **params)
        seen += [row["post"]["id"] for row in page["data"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == expected
    assert cursor is None


async def test_hidden_groups_are_refilled(ana: Person, ben: Person, cem: Person, settle: Settle) -> None:
    [shown] = await mentions(cem, ana, 1)
    await mentions(ben, ana, 20)
    await settle()
    await ana.mute(ben)
    page = await ana.get("/v1/notifications", limit=2)
    assert [row["post"]["id"] for row in page["data"]] == [shown]
    assert page["next_cursor"] is None
    assert page["unread_count"] == 1


async def test_ids_are_newest_acts_and_times_are_theirs(ana: Person, ben: Person, cem: Person, settle: Settle) -> None:
    post = await ana.post("nice")
    await ben.like(post)
    await cem.follow(ana)
    await settle()
    assert [row["type"] for row in await told(ana)] == ["follow", "like"]
    await cem.like(post)
    await settle()
    rows = await told(ana)
    assert [row["type"] for row in rows] == ["like", "follow"]
    assert rows[0]["created_at"] >= rows[1]["created_at"]
    assert int(rows[0]["id"]) > int(rows[1]["id"])


async def test_reading_everything(ana: Person, ben: Person, settle: Settle) -> None:
    await mentions(ben, ana, 3)
    await settle()
    assert await unread(ana) == 3
    response = await ana.request("POST", "/v1/notifications/read", json={})
    assert (response.status_code, response.json()) == (200, {"unread_count": 0})
    page = await ana.get("/v1/notifications")
    assert [row["read"] for row in page["data"]] == [True, True, True]
    assert page["unread_count"] == 0


async def test_reading_up_to_one(ana: Person, ben: Person, settle: Settle) -> None:
    await mentions(ben, ana, 3)
    await settle()
    rows = await told(ana)
    response = await ana.request("POST", "/v1/notifications/read", json={"up_to_id": rows[1]["id"]})
    assert response.json() == {"unread_count": 1}
    assert [row["read"] for row in await told(ana)] == [False, True, True]


async def test_many_unread_are_marked_in_several_batches(
    ana: Person, ben: Person, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rookery.notifications.repository.READ_BATCH", 2)
    await mentions(ben, ana, 5)
    await settle()
    response = await ana.request("POST", "/v1/notifications/read", json={"up_to_id": None})
    assert response.json() == {"unread_count": 0}
    assert len(await told(ana)) == 5


async def test_a_read_group_stays_and_a_new_act_opens_another(
    ana: Person, ben: Person, cem: Person, dee: Person, settle: Settle
) -> None:
    post = await ana.post("nice")
    await ben.like(post)
    await settle()
    await ana.request("POST", "/v1/notifications/read", json={})
    await cem.like(post)
    await dee.like(post)
    await settle()
    rows = await told(ana)
    assert [gist(row) for row in rows] == [("like", 2, [dee.id, cem.id]), ("like", 1, [ben.id])]
    assert [row["read"] for row in rows] == [False, True]
    await ben.delete(f"/v1/posts/{post['id']}/like")
    await settle()
    assert [gist(row) for row in await told(ana)] == [("like", 2, [dee.id, cem.id])]


async def test_only_ones_own(ana: Person, ben: Person, cem: Person, settle: Settle) -> None:
    await ben.follow(ana)
    await settle()
    [row] = await told(ana)
    response = await cem.request("POST", "/v1/notifications/read", json={"up_to_id": row["id"]})
    assert response.status_code == 200
    assert await unread(ana) == 1


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v1/notifications"), ("GET", "/v1/notifications/unread-count"), ("POST", "/v1/notifications/read")],
)
async def test_the_signed_out_get_nothing(client: httpx.AsyncClient, method: str, path: str) -> None:
    response = await client.request(method, path, json={} if method == "POST" else None)
    assert (response.status_code, response.json()["code"]) == (401, "unauthenticated")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"up_to_id": "x"}, "up_to_id"),
        ({"up_to_id": 5}, "up_to_id"),
        ({"up_to_id": "9" * 19}, "up_to_id"),
        ({"up_to": "5"}, "up_to"),
    ],
)
async def test_bad_bodies_name_the_field(ana: Person, body: dict[str, Any], field: str) -> None:
    response = await ana.request("POST", "/v1/notifications/read", json=body)
    assert response.status_code == 400
    assert field in response.text


@pytest.mark.parametrize("params", [{"limit": 0}, {"limit": 101}, {"limit": "x"}, {"cursor": "!"}, {"cursor": "AAAA"}])
async def test_bad_pages_are_refused(ana: Person, params: dict[str, Any]) -> None:
    response = await ana.request("GET", "/v1/notifications", params=params)
    assert response.status_code == 400


async def test_a_page_is_a_bounded_number_of_statements(
    ana: Person, ben: Person, settle: Settle, services: Services
) -> None:
    await mentions(ben, ana, 20)
    await settle()
    await told(ana)
    with recorded_queries(services.resources.database) as statements:
        assert len(await told(ana)) == 20
    assert len([each for each in statements if "notifications." in each]) == 2
    assert len(statements) <= 4
