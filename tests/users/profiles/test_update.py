"""Changing one's profile."""

from typing import Any

import httpx
import pytest

from rookery.gateway.wiring import Services
from tests.people import Person, ok
from tests.users.events import kinds_of

GOOD = {
    "display_name": "Ana ☀️",
    "bio": "Line one\nline two",
    "location": "İzmir",
    "website": "https://example.org/~ana?q=1#top",
    "protected": True,
}


async def patch(person: Person, **fields: Any) -> Any:
    return ok(await person.request("PATCH", "/v1/users/me", json=fields))


async def test_all_fields(services: Services, ana: Person, ben: Person) -> None:
    me = await patch(ana, **GOOD)
    assert {name: me[name] for name in GOOD} == GOOD
    seen = await ben.get(f"/v1/users/{ana.id}")
    assert {name: seen[name] for name in GOOD} == GOOD
    assert await kinds_of(services, ana) == ["UserUpdated"]


async def test_absent_stays_and_null_clears(ana: Person) -> None:
    await patch(ana, **GOOD)
    me = await patch(ana, bio="")
    assert {name: me[name] for name in GOOD} == {**GOOD, "bio": ""}
    me = await patch(ana, website=None)
    assert me["website"] is None
    assert me["location"] == GOOD["location"]


async def test_what_changes_nothing_emits_nothing(services: Services, ana: Person) -> None:
    await patch(ana, bio="once")
    await patch(ana, bio=" once ")
    await patch(ana)
    assert await kinds_of(services, ana) == ["UserUpdated"]


async def test_ends_are_trimmed(ana: Person) -> None:
    me = await patch(ana, display_name="  Ana  ", bio="\n hi \n", location=" x ")
    assert (me["display_name"], me["bio"], me["location"]) == ("Ana", "hi", "x")


async def test_bounds_count_code_points(ana: Person) -> None:
    me = await patch(
        ana, display_name="🐦" * 50, bio="ß" * 160, location="é" * 30, website="http://a.example/" + "b" * 83
    )
    assert (len(me["display_name"]), len(me["bio"]), len(me["website"])) == (50, 160, 100)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("display_name", "a" * 51),
        ("display_name", None),
        ("display_name", 1),
        ("display_name", "a\x00b"),
        ("display_name", "a\nb"),
        ("display_name", "a\x85b"),
        ("bio", "a" * 161),
        ("bio", "a\x00"),
        ("bio", "a\rb"),
        ("bio", ["a"]),
        ("location", "a" * 31),
        ("location", "\x7f"),
        ("website", "https://example.org/" + "a" * 81),
        ("website", "example.org"),
        ("website", "javascript:alert(1)"),
        ("website", "https://user@example.org"),
        ("website", "https://"),
        ("website", "https://:80"),
        ("website", "https://exa mple.org"),
        ("website", "https://example.org/\x00"),
        ("website", 'https://example.org/"onload="'),
        ("website", ""),
        ("protected", "yes"),
        ("protected", None),
    ],
)
async def test_a_wrong_field_is_named_and_nothing_written(
    services: Services, ana: Person, field: str, value: Any
) -> None:
    response = await ana.request("PATCH", "/v1/users/me", json={"bio": "other", field: value})
    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert (await ana.get("/v1/users/me"))["bio"] == ""
    assert await kinds_of(services, ana) == []


@pytest.mark.parametrize(
    "body",
    [
        b'{"username": "root"}',
        b'{"id": 1}',
        b'{"email": "x@example.org"}',
        b'{"pulled": true}',
        b"[]",
        b"null",
        b'"x"',
        b"",
        b"{",
        b'{"bio": "\\ud800"}',
        b'{"bio": "x", "bio',
        b"[" * 5000,
    ],
)
async def test_a_wrong_body_is_refused(services: Services, ana: Person, body: bytes) -> None:
    response = await ana.request("PATCH", "/v1/users/me", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 400, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert await kinds_of(services, ana) == []


async def test_a_reminder_of_alt_texts_is_ones_own_matter(client: httpx.AsyncClient, ana: Person) -> None:
    assert (await ana.get("/v1/users/me"))["alt_reminder"] is False

    changed = await ana.request("PATCH", "/v1/users/me", json={"alt_reminder": True})

    assert changed.json()["alt_reminder"] is True
    assert (await ana.get("/v1/users/me"))["alt_reminder"] is True
    assert "alt_reminder" not in (await client.get(f"/v1/users/{ana.id}")).json()
