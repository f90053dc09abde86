"""Reading accounts: by id, by username, one's own; with ETags."""

import httpx
import pytest

from rookery.gateway.wiring import Services
from tests.people import Person, ok
from tests.queries import recorded_queries

PUBLIC = {
    "id",
    "username",
    "display_name",
    "avatar_url",
    "protected",
    "bio",
    "location",
    "website",
    "header_url",
    "created_at",
    "followers_count",
    "following_count",
    "posts_count",
    "viewer",
}


async def test_public_profile_says_nothing_private(client: httpx.AsyncClient, ana: Person) -> None:
    user = ok(await client.get(f"/v1/users/{ana.id}"))
    assert set(user) == PUBLIC
    assert user["viewer"] is None
    assert user["username"] == ana.username
    assert user["created_at"].endswith("Z")


async def test_a_stranger_sees_the_relation_and_no_more(ana: Person, ben: Person) -> None:
    user = await ben.get(f"/v1/users/{ana.id}")
    assert set(user) == PUBLIC
    assert set(user["viewer"].values()) == {False}


async def test_own_profile(ana: Person) -> None:
    me = await ana.get("/v1/users/me")
    assert set(me) == PUBLIC | {"email", "alt_reminder", "email_verified"}
    assert (me["id"], me["email"], me["viewer"]) == (ana.id, ana.email, None)
    assert (await ana.get(f"/v1/users/{ana.id}"))["viewer"] is None


async def test_own_profile_needs_sign_in(client: httpx.AsyncClient) -> None:
    for response in (await client.get("/v1/users/me"), await client.patch("/v1/users/me", json={})):
        assert (response.status_code, response.json()["code"]) == (401, "unauthenticated")


async def test_by_username_without_regard_to_case(client: httpx.AsyncClient, ana: Person, ben: Person) -> None:
    await ben.follow(ana)
    for name in (ana.username, ana.username.upper()):
        assert ok(await client.get(f"/v1/users/by-username/{name}"))["id"] == ana.id
        assert (await ben.get(f"/v1/users/by-username/{name}"))["viewer"]["following"]


@pytest.mark.parametrize("path", ["4242", "by-username/nobody_at_all", str(2**63 - 1)])
async def test_nobody(client: httpx.AsyncClient, path: str) -> None:
    response = await client.get(f"/v1/users/{path}")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    "path",
    [
        "0",
        "-1",
        "9223372036854775808",
        "1.5",
        "%00",
        "by-username/%00",
        "by-username/a%20b",
        "by-username/" + "a" * 21,
        "by-username/%C3%A9",
        "by-username/a%0A",
    ],
)
async def test_what_cannot_be_anybody_is_refused(client: httpx.AsyncClient, path: str) -> None:
    response = await client.get(f"/v1/users/{path}")
    assert response.status_code in (400, 404)
    assert response.headers["content-type"] == "application/problem+json"


async def test_etag_spares_what_one_has(client: httpx.AsyncClient, ana: Person) -> None:
    first = await client.get(f"/v1/users/{ana.id}")
    etag = first.headers["etag"]
    for sent in (etag, f'"other", {etag}', etag.removeprefix("W/"), "*"):
        again = await client.get(f"/v1/users/{ana.id}", headers={"If-None-Match": sent})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    for sent in ('"other"', "", etag[:-2]):
        assert (await client.get(f"/v1/users/{ana.id}", headers={"If-None-Match": sent})).status_code == 200
    ok(await ana.request("PATCH", "/v1/users/me", json={"bio": "new"}))
    changed = await client.get(f"/v1/users/{ana.id}", headers={"If-None-Match": etag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != etag


async def test_etag_differs_with_the_viewers_relation(ana: Person, ben: Person) -> None:
    before = (await ben.request("GET", f"/v1/users/{ana.id}")).headers
    await ben.follow(ana)
    after = (await ben.request("GET", f"/v1/users/{ana.id}")).headers
    assert before["etag"] != after["etag"]
    assert after["cache-control"] == "private, no-cache"


@pytest.mark.parametrize("by", ["id", "username", "me"])
async def test_a_profile_is_one_statement(services: Services, ana: Person, ben: Person, by: str) -> None:
    path = {"id": ana.id, "username": f"by-username/{ana.username}", "me": "me"}[by]
    await ben.get("/v1/users/me")
    with recorded_queries(services.resources.database) as queries:
        await ben.get(f"/v1/users/{path}")
    assert len(queries) == 1, queries


async def test_authors_follow_the_profile(services: Services, ana: Person) -> None:
    before = (await services.users.authors([int(ana.id), 4242]))[int(ana.id)]
    assert (before.brief.username, before.protected, before.pulled) == (ana.username, False, False)
    assert 4242 not in await services.users.authors([4242])
    with recorded_queries(services.resources.database) as queries:
        await services.users.authors([int(ana.id), 4242])
    assert queries == []
    ok(await ana.request("PATCH", "/v1/users/me", json={"display_name": "Ana", "protected": True}))
    after = (await services.users.authors([int(ana.id)]))[int(ana.id)]
    assert (after.brief.display_name, after.protected, after.brief.protected) == ("Ana", True, True)
