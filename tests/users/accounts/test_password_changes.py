from typing import Any

import httpx

from tests.people import PASSWORD, Person, ok

NEW_PASSWORD = "another fine stable"


async def change(person: Person, **changes: Any) -> httpx.Response:
    body = {"current_password": PASSWORD, "new_password": NEW_PASSWORD, **changes}
    return await person.request("PUT", "/v1/users/me/password", json=body)


def wrong_field(response: httpx.Response) -> str:
    assert response.status_code == 400, response.text
    field: str = response.json()["errors"][0]["field"]
    return field


async def test_changes_and_ends_other_sessions(client: httpx.AsyncClient, ana: Person) -> None:
    body = {"login": ana.username, "password": PASSWORD}
    phone = Person(client, ok(await client.post("/v1/sessions", json=body)), ana.email)
    assert (await change(ana)).status_code == 204
    assert (await phone.request("GET", "/v1/users/me")).status_code == 401
    assert (await ana.request("GET", "/v1/users/me")).status_code == 200
    assert (await client.post("/v1/sessions", json=body)).status_code == 401
    ok(await client.post("/v1/sessions", json={**body, "password": NEW_PASSWORD}))


async def test_refusals_change_nothing(client: httpx.AsyncClient, ana: Person) -> None:
    assert wrong_field(await change(ana, current_password="wrong")) == "current_password"
    assert wrong_field(await change(ana, new_password="password")) == "new_password"
    assert wrong_field(await change(ana, new_password=ana.username)) == "new_password"
    assert wrong_field(await change(ana, new_password="x" * 129)) == "new_password"
    assert wrong_field(await change(ana, current_password="x" * 129)) == "current_password"
    ok(await client.post("/v1/sessions", json={"login": ana.username, "password": PASSWORD}))


async def test_signed_out(client: httpx.AsyncClient) -> None:
    body = {"current_password": PASSWORD, "new_password": NEW_PASSWORD}
    assert (await client.put("/v1/users/me/password", json=body)).status_code == 401
