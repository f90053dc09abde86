import asyncio
import secrets
from typing import Any

import httpx
import pytest

from rookery.contracts.codec import decode
from rookery.contracts.events import UserCreated
from rookery.gateway.wiring import Services
from rookery.users.accounts.rules import USERNAME, reserved_usernames
from tests.people import PASSWORD, Person, ok


def body(**changes: Any) -> dict[str, Any]:
    name = f"eve_{secrets.token_hex(4)}"
    return {"username": name, "email": f"{name}@example.org", "password": PASSWORD, **changes}


async def refused(client: httpx.AsyncClient, status: int, **changes: Any) -> dict[str, Any]:
    response = await client.post("/v1/users", json=body(**changes))
    assert response.status_code == status, response.text
    problem: dict[str, Any] = response.json()
    return problem


async def count(services: Services, sql: str, *values: object) -> int:
    async with services.resources.database.connection() as connection:
        number: int = await connection.fetchval(f"SELECT count(*) FROM {sql}", *values)
    return number


async def test_signs_in_at_once(client: httpx.AsyncClient) -> None:
    data = body()
    response = await client.post("/v1/users", json=data)
    assert response.status_code == 201
    assert response.headers["cache-control"] == "no-store"
    grant = response.json()
    assert grant["token_type"] == "Bearer"
    assert grant["expires_in"] == 600
    me = await Person(client, grant, data["email"]).get("/v1/users/me")
    assert me["username"] == data["username"]
    assert (me["email"], me["email_verified"]) == (data["email"], False)
    assert {**grant["user"]} == me


async def test_tells_the_others(client: httpx.AsyncClient, services: Services) -> None:
    data = body()
    user = ok(await client.post("/v1/users", json=data))["user"]
    async with services.resources.database.connection() as connection:
        rows = await connection.fetch("SELECT topic, value FROM bus.outbox WHERE key = $1", int(user["id"]))
    assert [row["topic"] for row in rows] == ["users"]
    event = decode(rows[0]["value"])
    assert isinstance(event, UserCreated)
    assert (event.user_id, event.username) == (int(user["id"]), data["username"])


@pytest.mark.parametrize("username", ["", "a" * 21, "a-b", "a b", "ä", "a\n", "a\x00", "@ana", "ana.b", "１２"])
async def test_malformed_username(client: httpx.AsyncClient, username: str) -> None:
    problem = await refused(client, 400, username=username)
    assert problem["errors"][0]["field"] == "username"


@pytest.mark.parametrize("username", ["admin", "Admin", "HOME", "settings", "login", "about", "me", "rookery"])
async def test_reserved_username(client: httpx.AsyncClient, username: str) -> None:
    problem = await refused(client, 400, username=username)
    assert [problem["errors"][0][key] for key in ("field", "code")] == ["username", "reserved"]


def test_reserved_names_are_names() -> None:
    """A line that no username can equal would protect nothing."""
    assert len(reserved_usernames()) > 200
    assert [name for name in reserved_usernames() if not USERNAME.fullmatch(name) or name != name.lower()] == []


def test_first_segments_of_routes_are_reserved(app: Any, services: Services) -> None:
    from rookery.gateway.app import create_litestar

    segments = {route.path.split("/")[1] for route in create_litestar(services, lifespan=False).routes}
    names = {segment.lower() for segment in segments if USERNAME.fullmatch(segment)}
    assert "v1" in names
    assert names <= reserved_usernames()


async def test_username_taken_in_another_case(client: httpx.AsyncClient, ana: Person) -> None:
    problem = await refused(client, 409, username=ana.username.upper())
    assert problem["code"] == "username_taken"
    assert problem["errors"][0]["field"] == "username"


async def test_email_taken_in_another_case(client: httpx.AsyncClient, ana: Person, services: Services) -> None:
    data = body(email=ana.email.upper())
    response = await client.post("/v1/users", json=data)
    assert (response.status_code, response.json()["code"]) == (409, "email_taken")
    assert await count(services, "users.users WHERE username = $1", data["username"]) == 0


@pytest.mark.parametrize(
    "email",
    [
        *("", "ana", "ana@", "@example.org", "a@b", "a b@example.org", "a@exa mple.org", "a@localhost"),
        *("x" * 65 + "@example.org", "a@" + "b" * 300 + ".org", "a\r\nBcc: b@example.org", "ä@example.org"),
        "a\x00@example.org",
    ],
)
async def test_malformed_email(client: httpx.AsyncClient, email: str) -> None:
    problem = await refused(client, 400, email=email)
    assert problem["errors"][0]["field"] == "email"


@pytest.mark.parametrize("password", ["", "short", "password1234", "qwertyuiop", "x" * 129, PASSWORD + "\x00"])
async def test_bad_password(client: httpx.AsyncClient, password: str) -> None:
    problem = await refused(client, 400, password=password)
    assert problem["errors"][0]["field"] == "password"


async def test_password_made_of_name_or_address(client: httpx.AsyncClient) -> None:
    name = f"zq{secrets.token_hex(6)}"
    for password in (name, name[::-1], f"{name}@example.net"):
        problem = await refused(client, 400, username=name, email=f"{name}@example.net", password=password)
        assert [problem["errors"][0][key] for key in ("field", "code")] == ["password", "too_weak"]


@pytest.mark.parametrize("change", [{"admin": True}, {"username": 5}, {"email": None}, {"password": ["a"]}])
async def test_malformed_body(client: httpx.AsyncClient, change: dict[str, Any]) -> None:
    problem = await refused(client, 400, **change)
    assert next(iter(change)) in str(problem["errors"])


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'"x"', b"\xff", b'{"username": "\\ud800"}'])
async def test_no_json_object(client: httpx.AsyncClient, content: bytes) -> None:
    response = await client.post("/v1/users", content=content, headers={"Content-Type": "application/json"})
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"


async def test_equal_password_typed_otherwise(client: httpx.AsyncClient) -> None:
    """Composed and decomposed letters are the same password (NFKC)."""
    data = body(password="zwölf Boxkämpfer jagen")
    ok(await client.post("/v1/users", json=data))
    decomposed = "zwo\u0308lf Boxka\u0308mpfer jagen"
    assert decomposed != data["password"]
    ok(await client.post("/v1/sessions", json={"login": data["username"], "password": decomposed}))


async def test_repeated_with_key(client: httpx.AsyncClient, services: Services) -> None:
    data, key = body(), {"Idempotency-Key": secrets.token_hex()}
    first = await client.post("/v1/users", json=data, headers=key)
    again = await client.post("/v1/users", json=data, headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert first.json()["user"] == again.json()["user"]
    assert await Person(client, again.json(), "").get("/v1/users/me") == first.json()["user"]
    assert await count(services, "users.users WHERE username = $1", data["username"]) == 1


async def test_repeated_at_once(client: httpx.AsyncClient, services: Services) -> None:
    data, key = body(), {"Idempotency-Key": secrets.token_hex()}
    responses = await asyncio.gather(*(client.post("/v1/users", json=data, headers=key) for _ in range(5)))
    assert [response.status_code for response in responses] == [201] * 5
    assert sorted(response.headers.get("idempotency-replayed", "") for response in responses) == ["", *["true"] * 4]
    assert len({response.json()["user"]["id"] for response in responses}) == 1


async def test_key_of_another_body(client: httpx.AsyncClient) -> None:
    data, key = body(), {"Idempotency-Key": secrets.token_hex()}
    ok(await client.post("/v1/users", json=data, headers=key))
    for change in ({"password": PASSWORD + "!"}, {"username": "other_" + data["username"][:12]}):
        response = await client.post("/v1/users", json={**data, **change}, headers=key)
        assert (response.status_code, response.json()["code"]) == (409, "idempotency_key_reused")


async def test_key_of_a_refused_request_is_free(client: httpx.AsyncClient, ana: Person) -> None:
    key = {"Idempotency-Key": secrets.token_hex()}
    response = await client.post("/v1/users", json=body(username=ana.username), headers=key)
    assert response.status_code == 409
    ok(await client.post("/v1/users", json=body(), headers=key))


async def test_remembered_answer_holds_no_secret(client: httpx.AsyncClient, services: Services) -> None:
    data, key = body(), secrets.token_hex()
    grant = ok(await client.post("/v1/users", json=data, headers={"Idempotency-Key": key}))
    async with services.resources.database.connection() as connection:
        row = await connection.fetchrow("SELECT body FROM kit.idempotency_keys WHERE user_id = 0 AND key = $1", key)
    assert row["body"] == b'{"user_id":%d}' % int(grant["user"]["id"])


@pytest.mark.parametrize("key", ["", "x" * 256, "ä", "a\tb"])
async def test_malformed_key(client: httpx.AsyncClient, key: str) -> None:
    response = await client.post("/v1/users", json=body(), headers={b"Idempotency-Key": key.encode()})
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"].lower().replace("-", "_") == "idempotency_key"
