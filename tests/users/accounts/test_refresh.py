import asyncio
import base64
from typing import Any

import httpx
import pytest

from rookery.gateway.wiring import Services
from tests.people import Person, ok


async def refresh(client: httpx.AsyncClient, token: str) -> httpx.Response:
    return await client.post("/v1/sessions/refresh", json={"refresh_token": token})


async def refreshed(client: httpx.AsyncClient, token: str) -> str:
    grant = ok(await refresh(client, token))
    next_token: str = grant["refresh_token"]
    return next_token


def refusal(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


async def set_session(services: Services, person: Person, assignment: str) -> None:
    async with services.resources.database.connection() as connection:
        await connection.execute(f"UPDATE users.sessions SET {assignment} WHERE user_id = $1", int(person.id))


async def let_time_pass(services: Services, person: Person, seconds: int) -> None:
    """All rotations were that much longer ago."""
    moved = (
        f"ARRAY(SELECT at - interval '{seconds} seconds' FROM unnest(recent_at) WITH ORDINALITY r (at, n) ORDER BY n)"
    )
    await set_session(services, person, f"recent_at = {moved}")


async def is_signed_in(person: Person) -> bool:
    return (await person.request("GET", "/v1/users/me")).status_code == 200


async def test_gives_new_tokens_for_the_same_session(client: httpx.AsyncClient, ana: Person) -> None:
    grant = ok(await refresh(client, ana.grant["refresh_token"]))
    assert grant["refresh_token"] != ana.grant["refresh_token"]
    assert grant["user"] == ana.grant["user"]
    again = Person(client, grant, ana.email)
    [session] = (await again.get("/v1/sessions"))["data"]
    assert session["current"]
    assert session["last_used_at"] > session["created_at"]


async def test_chain(client: httpx.AsyncClient, ana: Person) -> None:
    tokens = [ana.grant["refresh_token"]]
    for _ in range(5):
        tokens.append(await refreshed(client, tokens[-1]))
    assert len(set(tokens)) == 6


async def test_two_tabs_get_the_same_successor(client: httpx.AsyncClient, ana: Person) -> None:
    """Whichever answer the browser keeps, it keeps the token that holds."""
    first = ana.grant["refresh_token"]
    successors = set(await asyncio.gather(*(refreshed(client, first) for _ in range(4))))
    assert len(successors) == 1
    assert successors == {await refreshed(client, first)}
    await refreshed(client, successors.pop())


async def test_tabs_in_a_row_get_the_token_that_holds(client: httpx.AsyncClient, ana: Person) -> None:
    """A slow tab's request arrives after others have refreshed twice: no theft, and no fork of the chain."""
    first = ana.grant["refresh_token"]
    second = await refreshed(client, first)
    third = await refreshed(client, second)
    assert await refreshed(client, first) == third
    assert await refreshed(client, second) == third
    assert await refreshed(client, third) not in (first, second, third)
    assert await is_signed_in(ana)


async def test_rotations_are_kept_for_a_bounded_number(client: httpx.AsyncClient, ana: Person) -> None:
    first = token = ana.grant["refresh_token"]
    for _ in range(10):
        token = await refreshed(client, token)
    assert await refreshed(client, first) == token
    await refreshed(client, token)
    assert refusal(await refresh(client, first)) == (401, "refresh_token_reused")


async def test_old_token_ends_the_session(client: httpx.AsyncClient, ana: Person, services: Services) -> None:
    first = ana.grant["refresh_token"]
    third = await refreshed(client, await refreshed(client, first))
    await let_time_pass(services, ana, 31)
    assert await is_signed_in(ana)
    assert refusal(await refresh(client, first)) == (401, "refresh_token_reused")
    assert not await is_signed_in(ana)
    assert refusal(await refresh(client, third)) == (401, "refresh_token_invalid")


async def test_race_ends_after_half_a_minute(client: httpx.AsyncClient, ana: Person, services: Services) -> None:
    first = ana.grant["refresh_token"]
    await refreshed(client, first)
    await let_time_pass(services, ana, 29)
    await refreshed(client, first)
    await let_time_pass(services, ana, 2)
    assert refusal(await refresh(client, first)) == (401, "refresh_token_reused")
    assert not await is_signed_in(ana)


async def test_thief_within_the_race_is_found_out(client: httpx.AsyncClient, ana: Person, services: Services) -> None:
    """Thief and owner stand on one chain: whoever comes second with a token that was used since ends the session."""
    first = ana.grant["refresh_token"]
    owner = await refreshed(client, first)
    thief = await refreshed(client, first)
    assert thief == owner
    await refreshed(client, thief)
    await let_time_pass(services, ana, 31)
    assert refusal(await refresh(client, owner)) == (401, "refresh_token_reused")


@pytest.mark.parametrize("mutation", ["secret", "seal", "session", "short", "garbage", "empty"])
async def test_forged_token_ends_nothing(client: httpx.AsyncClient, ana: Person, mutation: str) -> None:
    token = ana.grant["refresh_token"]
    raw = bytearray(base64.urlsafe_b64decode(token + "="))
    if place := {"secret": 20, "seal": 50, "session": 1}.get(mutation):
        raw[place] ^= 0x80
    raw = raw[:-1] if mutation == "short" else raw
    forged = {"garbage": "§" * 20, "empty": "-"}.get(mutation, base64.urlsafe_b64encode(raw).decode().rstrip("="))
    if mutation == "seal":  # no reason to refuse the token that holds: the secret key has changed, say
        token = await refreshed(client, forged)
    else:
        assert refusal(await refresh(client, forged)) == (401, "refresh_token_invalid")
    assert await is_signed_in(ana)
    await refreshed(client, token)


async def test_old_token_without_its_seal_ends_nothing(
    client: httpx.AsyncClient, ana: Person, services: Services
) -> None:
    """It may be anybody's guess."""
    first = ana.grant["refresh_token"]
    third = await refreshed(client, await refreshed(client, first))
    await let_time_pass(services, ana, 31)
    raw = bytearray(base64.urlsafe_b64decode(first + "="))
    raw[50] ^= 0x80
    forged = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    assert refusal(await refresh(client, forged)) == (401, "refresh_token_invalid")
    await refreshed(client, third)


async def test_absolute_lifetime(client: httpx.AsyncClient, ana: Person, services: Services) -> None:
    before = (await ana.get("/v1/sessions"))["data"][0]["expires_at"]
    token = await refreshed(client, ana.grant["refresh_token"])
    assert (await ana.get("/v1/sessions"))["data"][0]["expires_at"] == before
    await set_session(services, ana, "expires_at = now()")
    assert refusal(await refresh(client, token)) == (401, "refresh_token_invalid")


@pytest.mark.parametrize("body", [{"refresh_token": 5}, {"refresh_token": "x" * 257}, {"refresh_token": ""}, {"x": 1}])
async def test_malformed(client: httpx.AsyncClient, body: dict[str, Any]) -> None:
    assert (await client.post("/v1/sessions/refresh", json=body)).status_code == 400


async def test_without_token(client: httpx.AsyncClient) -> None:
    response = await client.post("/v1/sessions/refresh", json={})
    assert refusal(response) == (401, "refresh_token_invalid")


async def test_stored_as_digest_only(ana: Person, services: Services) -> None:
    raw = base64.urlsafe_b64decode(ana.grant["refresh_token"] + "=")
    async with services.resources.database.connection() as connection:
        row = await connection.fetchrow("SELECT * FROM users.sessions WHERE user_id = $1", int(ana.id))
    assert len(row["refresh_hash"]) == 32
    assert raw[8:40] not in row["refresh_hash"]
    assert int.from_bytes(raw[:8], "big") == row["id"]
