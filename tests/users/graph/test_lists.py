"""Lists of people: order, pages, and who sees them."""

import httpx
import pytest

from rookery.gateway.wiring import Services
from tests.people import Person, ok
from tests.queries import recorded_queries


async def names(person: Person, path: str) -> list[str]:
    return [user["username"].split("_")[0] for user in (await person.get(path))["data"]]


async def test_followers_newest_first(client: httpx.AsyncClient, ana: Person, ben: Person, cem: Person) -> None:
    await ben.follow(ana)
    await cem.follow(ana)
    assert await names(ben, f"/v1/users/{ana.id}/followers") == ["cem", "ben"]
    signed_out = ok(await client.get(f"/v1/users/{ana.id}/followers"))
    assert [user["id"] for user in signed_out["data"]] == [cem.id, ben.id]
    assert all(user["viewer"] is None for user in signed_out["data"])
    assert await names(ana, f"/v1/users/{ana.id}/followers") == ["cem", "ben"]


async def test_following_newest_first(ana: Person, ben: Person, cem: Person, dee: Person) -> None:
    await ana.follow(ben)
    await ana.follow(cem)
    await dee.follow(cem)
    page = await dee.get(f"/v1/users/{ana.id}/following")
    assert [user["id"] for user in page["data"]] == [cem.id, ben.id]
    assert [user["viewer"]["following"] for user in page["data"]] == [True, False]


async def test_pages_join_without_gap(ana: Person, ben: Person, cem: Person, dee: Person) -> None:
    for person in (ben, cem, dee):
        await person.follow(ana)
    first = await ana.get(f"/v1/users/{ana.id}/followers", limit=2)
    second = await ana.get(f"/v1/users/{ana.id}/followers", limit=2, cursor=first["next_cursor"])
    assert [user["id"] for user in first["data"] + second["data"]] == [dee.id, cem.id, ben.id]
    assert second["next_cursor"] is None
    exact = await ana.get(f"/v1/users/{ana.id}/followers", limit=3)
    assert exact["next_cursor"] is None


@pytest.mark.parametrize(
    ("field", "value"),
    [("limit", "0"), ("limit", "101"), ("limit", "x"), ("cursor", "!"), ("cursor", "AAAA"), ("cursor", "a" * 101)],
)
async def test_wrong_paging_is_refused(ana: Person, field: str, value: str) -> None:
    for path in (f"/v1/users/{ana.id}/followers", f"/v1/users/{ana.id}/following", "/v1/users/me/blocks"):
        response = await ana.request("GET", path, params={field: value})
        assert response.status_code == 400
        assert [error["field"] for error in response.json()["errors"]] == [field]


@pytest.mark.parametrize("side", ["followers", "following"])
async def test_lists_of_the_protected_are_for_followers(
    client: httpx.AsyncClient, ana: Person, ben: Person, cem: Person, side: str
) -> None:
    await ben.follow(ana)
    await ana.protect()
    path = f"/v1/users/{ana.id}/{side}"
    for response in (await cem.request("GET", path), await client.get(path)):
        assert (response.status_code, response.json()["code"]) == (403, "protected")
    await ben.get(path)
    await ana.get(path)
    await ana.delete(f"/v1/users/me/followers/{ben.id}")
    assert (await ben.request("GET", path)).status_code == 403


@pytest.mark.parametrize("side", ["followers", "following"])
async def test_a_block_closes_lists_both_ways(ana: Person, ben: Person, side: str) -> None:
    await ana.block(ben)
    for reader, owner in ((ana, ben), (ben, ana)):
        response = await reader.request("GET", f"/v1/users/{owner.id}/{side}")
        assert (response.status_code, response.json()["code"]) == (403, "blocked")


async def test_a_block_leaves_people_out_both_ways(ana: Person, ben: Person, cem: Person, dee: Person) -> None:
    for person in (ben, cem):
        await person.follow(dee)
        await dee.follow(person)
    await ana.block(ben)
    for side in ("followers", "following"):
        assert await names(ana, f"/v1/users/{dee.id}/{side}") == ["cem"]
        assert await names(cem, f"/v1/users/{dee.id}/{side}") == ["cem", "ben"]
    await ana.follow(dee)
    assert await names(ben, f"/v1/users/{dee.id}/followers") == ["cem", "ben"]


async def test_lists_of_nobody(client: httpx.AsyncClient) -> None:
    for side in ("followers", "following"):
        response = await client.get(f"/v1/users/4242/{side}")
        assert (response.status_code, response.json()["code"]) == (404, "not_found")


async def test_own_blocks_and_mutes(ana: Person, ben: Person, cem: Person) -> None:
    for person in (ben, cem):
        await ana.block(person)
        await ana.mute(person)
    for kind, flag in (("blocks", "blocking"), ("mutes", "muting")):
        page = await ana.get(f"/v1/users/me/{kind}", limit=1)
        assert [user["id"] for user in page["data"]] == [cem.id]
        assert page["data"][0]["viewer"][flag]
        rest = await ana.get(f"/v1/users/me/{kind}", limit=1, cursor=page["next_cursor"])
        assert [user["id"] for user in rest["data"]] == [ben.id]
        assert (await ben.get(f"/v1/users/me/{kind}"))["data"] == []


async def test_own_requests_in_pages(ana: Person, ben: Person, cem: Person) -> None:
    await ana.protect()
    await ben.follow(ana)
    await cem.follow(ana)
    page = await ana.get("/v1/users/me/follow-requests", limit=1)
    rest = await ana.get("/v1/users/me/follow-requests", limit=1, cursor=page["next_cursor"])
    assert [user["id"] for user in page["data"] + rest["data"]] == [cem.id, ben.id]


async def test_a_list_is_two_statements(services: Services, ana: Person, ben: Person, cem: Person) -> None:
    for person in (ben, cem):
        await person.follow(ana)
    await ben.get(f"/v1/users/{ana.id}/followers")
    with recorded_queries(services.resources.database) as queries:
        await ben.get(f"/v1/users/{ana.id}/followers")
    assert len(queries) == 2, queries
