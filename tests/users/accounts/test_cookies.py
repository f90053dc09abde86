"""The web app's way: the refresh token in a cookie, and what guards it."""

from http.cookies import Morsel, SimpleCookie

import httpx
import pytest

from rookery.kit.settings import Settings
from tests.people import PASSWORD, Person, ok
from tests.users.accounts.processes import running

WEB = {"X-Rookery-Client": "web"}
SAME_ORIGIN = {**WEB, "Sec-Fetch-Site": "same-origin"}


def cookie_of(response: httpx.Response) -> "Morsel[str]":
    return SimpleCookie(response.headers["set-cookie"])["rookery_refresh"]


async def sign_in(client: httpx.AsyncClient, person: Person) -> httpx.Response:
    response = await client.post("/v1/sessions", json={"login": person.username, "password": PASSWORD}, headers=WEB)
    assert response.status_code == 201
    return response


async def test_cookie_instead_of_body(client: httpx.AsyncClient, ana: Person) -> None:
    response = await sign_in(client, ana)
    assert response.json()["refresh_token"] is None
    cookie = cookie_of(response)
    assert (cookie["path"], cookie["httponly"], cookie["samesite"].lower()) == ("/v1/sessions", True, "strict")
    assert int(cookie["max-age"]) == 60 * 24 * 3600
    assert cookie["secure"] == ""


async def test_no_cookie_unasked(client: httpx.AsyncClient, ana: Person) -> None:
    response = await client.post("/v1/sessions", json={"login": ana.username, "password": PASSWORD})
    assert "set-cookie" not in response.headers
    assert response.json()["refresh_token"]


async def test_secure_behind_https(settings: Settings, ana: Person) -> None:
    async with running(settings, public_url="https://rookery.test") as process, process.client() as client:
        assert cookie_of(await sign_in(client, ana))["secure"] is True


async def test_sign_up(client: httpx.AsyncClient, ana: Person) -> None:
    name = f"w{ana.username[4:]}"
    body = {"username": name, "email": f"{name}@example.org", "password": PASSWORD}
    response = await client.post("/v1/users", json=body, headers=WEB)
    assert response.status_code == 201
    assert response.json()["refresh_token"] is None
    assert cookie_of(response).value


@pytest.mark.parametrize(
    "headers",
    [
        SAME_ORIGIN,
        {**WEB, "Origin": "http://127.0.0.1:8000"},
        {**WEB, "Origin": "http://rookery.test", "Sec-Fetch-Site": "same-origin"},
    ],
)
async def test_refresh(client: httpx.AsyncClient, ana: Person, headers: dict[str, str]) -> None:
    first = cookie_of(await sign_in(client, ana)).value
    response = await client.post("/v1/sessions/refresh", json={}, headers=headers)
    assert response.status_code == 200
    assert response.json()["refresh_token"] is None
    assert cookie_of(response).value not in ("", first)
    assert await Person(client, response.json(), "").get("/v1/users/me")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        WEB,
        {"Sec-Fetch-Site": "same-origin"},
        {"X-Rookery-Client": "app", "Sec-Fetch-Site": "same-origin"},
        {**WEB, "Sec-Fetch-Site": "cross-site"},
        {**WEB, "Sec-Fetch-Site": "same-site"},
        {**WEB, "Sec-Fetch-Site": "none"},
        {**WEB, "Origin": "https://evil.example"},
        {**WEB, "Origin": "null"},
        {**SAME_ORIGIN, "Origin": "http://evil.example"},
        {**WEB, "Origin": "http://rookery.test.evil.example"},
        {**WEB, "Origin": "file://rookery.test"},
    ],
)
async def test_forgery(client: httpx.AsyncClient, ana: Person, headers: dict[str, str]) -> None:
    """Neither refresh nor sign-out by cookie; and the cookie still holds afterwards."""
    await sign_in(client, ana)
    response = await client.post("/v1/sessions/refresh", json={}, headers=headers)
    assert (response.status_code, response.json()["code"]) == (403, "cross_site")
    assert "set-cookie" not in response.headers
    assert (await client.delete("/v1/sessions/current", headers=headers)).status_code in (401, 403)
    assert (await client.post("/v1/sessions/refresh", json={}, headers=SAME_ORIGIN)).status_code == 200


async def test_sign_out_without_access_token(client: httpx.AsyncClient, ana: Person) -> None:
    await sign_in(client, ana)
    stolen = client.cookies["rookery_refresh"]
    response = await client.delete("/v1/sessions/current", headers=SAME_ORIGIN)
    assert response.status_code == 204
    cookie = cookie_of(response)
    assert (cookie.value, cookie["max-age"], cookie["path"]) == ("", "0", "/v1/sessions")
    refused = await client.post("/v1/sessions/refresh", json={"refresh_token": stolen})
    assert refused.status_code == 401
    assert len((await ana.get("/v1/sessions"))["data"]) == 1


async def test_sign_out_with_access_token(client: httpx.AsyncClient, ana: Person) -> None:
    web = Person(client, (await sign_in(client, ana)).json(), "")
    response = await web.request("DELETE", "/v1/sessions/current", headers=SAME_ORIGIN)
    assert response.status_code == 204
    assert cookie_of(response).value == ""
    assert (await web.request("GET", "/v1/users/me")).status_code == 401


async def test_ending_another_session_keeps_the_cookie(client: httpx.AsyncClient, ana: Person) -> None:
    web = Person(client, (await sign_in(client, ana)).json(), "")
    [other] = [row for row in (await web.get("/v1/sessions"))["data"] if not row["current"]]
    response = await web.request("DELETE", f"/v1/sessions/{other['id']}", headers=SAME_ORIGIN)
    assert response.status_code == 204
    assert "set-cookie" not in response.headers
    ok(await client.post("/v1/sessions/refresh", json={}, headers=SAME_ORIGIN))
