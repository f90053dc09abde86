import httpx
import pytest

from tests.people import PASSWORD, Person, ok


async def sign_in(client: httpx.AsyncClient, person: Person, user_agent: str = "") -> Person:
    """The same person on another device."""
    body = {"login": person.username, "password": PASSWORD}
    headers = {"User-Agent": user_agent}
    return Person(client, ok(await client.post("/v1/sessions", json=body, headers=headers)), person.email)


async def status(person: Person) -> tuple[int, str]:
    response = await person.request("GET", "/v1/users/me")
    return response.status_code, response.json().get("code", "")


REVOKED = (401, "session_revoked")


async def test_list(client: httpx.AsyncClient, ana: Person) -> None:
    phone = await sign_in(client, ana, "Phone/1.0")
    page = await phone.get("/v1/sessions")
    assert page["next_cursor"] is None
    newest, first = page["data"]
    assert set(newest) == {"id", "created_at", "last_used_at", "expires_at", "user_agent", "ip_address", "current"}
    assert (newest["user_agent"], newest["ip_address"], newest["current"]) == ("Phone/1.0", "127.0.0.1", True)
    assert (first["current"], newest["id"] > first["id"]) == (False, True)
    assert newest["created_at"] < newest["expires_at"]


async def test_user_agent_is_bounded_and_clean(client: httpx.AsyncClient, ana: Person) -> None:
    tablet = await sign_in(client, ana, "T\t" + "x" * 5000)
    [mine] = [row for row in (await tablet.get("/v1/sessions"))["data"] if row["current"]]
    assert mine["user_agent"] == "T" + "x" * 299


async def test_list_is_ones_own(ana: Person, ben: Person) -> None:
    ids = {row["id"] for row in (await ana.get("/v1/sessions"))["data"]}
    assert len(ids) == 1
    assert ids.isdisjoint(row["id"] for row in (await ben.get("/v1/sessions"))["data"])


async def test_end_this_one(ana: Person) -> None:
    assert (await ana.request("DELETE", "/v1/sessions/current")).status_code == 204
    assert await status(ana) == REVOKED


async def test_end_another(client: httpx.AsyncClient, ana: Person) -> None:
    phone = await sign_in(client, ana)
    [other] = [row for row in (await ana.get("/v1/sessions"))["data"] if not row["current"]]
    assert await status(phone) == (200, "")
    assert (await ana.request("DELETE", f"/v1/sessions/{other['id']}")).status_code == 204
    assert await status(phone) == REVOKED
    assert await status(ana) == (200, "")
    response = await client.post("/v1/sessions/refresh", json={"refresh_token": phone.grant["refresh_token"]})
    assert (response.status_code, response.json()["code"]) == (401, "refresh_token_invalid")


async def test_end_all_others(client: httpx.AsyncClient, ana: Person, ben: Person) -> None:
    others = [await sign_in(client, ana) for _ in range(2)]
    assert [await status(other) for other in others] == [(200, "")] * 2
    assert (await ana.request("DELETE", "/v1/sessions")).status_code == 204
    assert [await status(other) for other in others] == [REVOKED] * 2
    assert [await status(person) for person in (ana, ben)] == [(200, "")] * 2


async def test_somebody_elses(ana: Person, ben: Person) -> None:
    [hers] = (await ana.get("/v1/sessions"))["data"]
    response = await ben.request("DELETE", f"/v1/sessions/{hers['id']}")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")
    assert await status(ana) == (200, "")


@pytest.mark.parametrize("session_id", ["0", "1", "9223372036854775807"])
async def test_unknown(ana: Person, session_id: str) -> None:
    assert (await ana.request("DELETE", f"/v1/sessions/{session_id}")).status_code == 404


@pytest.mark.parametrize("session_id", ["x", "-1", "99999999999999999999", "currently", "1%00", "１"])
async def test_malformed(ana: Person, session_id: str) -> None:
    assert (await ana.request("DELETE", f"/v1/sessions/{session_id}")).status_code in (400, 404)


@pytest.mark.parametrize("session_id", ["9223372036854775808", "9999999999999999999"])
async def test_too_large(ana: Person, session_id: str) -> None:
    assert (await ana.request("DELETE", f"/v1/sessions/{session_id}")).status_code == 404


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/v1/sessions"), ("DELETE", "/v1/sessions"), ("DELETE", "/v1/sessions/current")]
)
async def test_signed_out(client: httpx.AsyncClient, method: str, path: str) -> None:
    response = await client.request(method, path)
    assert (response.status_code, response.json()["code"]) == (401, "unauthenticated")
    assert response.headers["www-authenticate"].startswith("Bearer")
