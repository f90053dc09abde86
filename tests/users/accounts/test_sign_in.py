import asyncio
from types import SimpleNamespace
from typing import Any

import httpx
import msgspec
import pytest

from rookery.gateway.wiring import Services
from rookery.kit.problems import Unavailable
from rookery.kit.settings import Settings
from rookery.users.accounts.passwords import QUEUE_MAX, WORKERS, Passwords
from tests.people import PASSWORD, Person, ok
from tests.queries import recorded_queries
from tests.users.accounts.processes import running


async def sign_in(client: httpx.AsyncClient, login: str, password: str = PASSWORD) -> httpx.Response:
    return await client.post("/v1/sessions", json={"login": login, "password": password})


async def test_by_username_and_by_address(client: httpx.AsyncClient, ana: Person) -> None:
    logins = [ana.username, ana.username.upper(), f"@{ana.username}", f" {ana.username} ", ana.email, ana.email.upper()]
    for login in logins:
        response = await sign_in(client, login)
        assert response.status_code == 201, login
        assert response.json()["user"]["id"] == ana.id
        assert response.headers["cache-control"] == "no-store"


async def test_wrong_password_and_unknown_login_look_alike(client: httpx.AsyncClient, ana: Person) -> None:
    answers = [await sign_in(client, ana.username, "wrong"), await sign_in(client, "nobody_of_that_name", "wrong")]
    answers.append(await sign_in(client, "nobody@example.org", "wrong"))
    bodies: list[dict[str, Any]] = [{**answer.json(), "request_id": ""} for answer in answers]
    assert [answer.status_code for answer in answers] == [401] * 3
    assert bodies[0]["code"] == "invalid_credentials"
    assert bodies[0] == bodies[1] == bodies[2]


@pytest.mark.parametrize("login", ["", "x" * 255, "a\x00b", "%", "' OR 1=1 --", "@", "@@", "ä"])
async def test_odd_login(client: httpx.AsyncClient, login: str) -> None:
    assert (await sign_in(client, login)).status_code in (400, 401)


@pytest.mark.parametrize("password", ["", "x" * 129, "\x00"])
async def test_odd_password(client: httpx.AsyncClient, ana: Person, password: str) -> None:
    assert (await sign_in(client, ana.username, password)).status_code in (400, 401)


async def test_unknown_login_costs_as_much(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """One verification with the same parameters, whether or not there is a hash (a clock would tell it less surely)."""
    passwords = Passwords(settings)
    password_hash = await passwords.check_and_hash(PASSWORD, "password", [])
    hasher, verified = passwords._hasher, list[str]()

    def verify(given: str, password: str) -> bool:
        verified.append(given)
        return hasher.verify(given, password)

    monkeypatch.setattr(passwords, "_hasher", SimpleNamespace(verify=verify, hash=hasher.hash))
    for given in (password_hash, None, "!"):
        assert not await passwords.verify("wrong", given)
    assert len(verified) == 3
    assert len({(*given.split("$")[:4], len(given)) for given in verified}) == 1


async def test_unknown_login_runs_the_same_statements(
    client: httpx.AsyncClient, ana: Person, services: Services
) -> None:
    runs = []
    for login in (ana.username, "nobody_of_that_name"):
        with recorded_queries(services.resources.database) as seen:
            assert (await sign_in(client, login, "wrong")).status_code == 401
        runs.append(seen)
    assert len(runs[0]) == 1
    assert runs[0] == runs[1]


async def test_nobody_signs_in_with_the_stand_in_hash(settings: Settings) -> None:
    passwords = Passwords(settings)
    assert not await passwords.verify("", None)
    assert not await passwords.verify(PASSWORD, None)


async def test_flood_is_refused_not_queued(settings: Settings) -> None:
    """At most WORKERS + QUEUE_MAX verify or wait; the next is told to come back, and the others still succeed."""
    passwords = Passwords(settings)
    password_hash = await passwords.check_and_hash(PASSWORD, "password", [])
    admitted = WORKERS + QUEUE_MAX
    slow = Passwords(msgspec.structs.replace(settings, argon2_memory_kib=8 * 1024, argon2_time_cost=4))
    tasks = [asyncio.create_task(slow.verify(PASSWORD, password_hash)) for _ in range(3 * admitted)]
    results = await asyncio.gather(*tasks, return_exceptions=True)
    refused = [result for result in results if isinstance(result, Unavailable)]
    assert sum(result is True for result in results) >= admitted
    assert refused
    assert {problem.retry_after_s for problem in refused} == {2}
    assert await slow.verify(PASSWORD, password_hash)


async def test_new_cost_rehashes(ana: Person, settings: Settings, services: Services) -> None:
    async def stored() -> str:
        async with services.resources.database.connection() as connection:
            value: str = await connection.fetchval("SELECT password_hash FROM users.users WHERE id = $1", int(ana.id))
        return value

    before = await stored()
    async with running(settings, argon2_time_cost=2) as dearer, dearer.client() as client:
        ok(await sign_in(client, ana.username))
        after = await stored()
        assert "t=1" in before
        assert "t=2" in after
        ok(await sign_in(client, ana.username))
        assert await stored() == after


async def test_oldest_session_makes_room(client: httpx.AsyncClient, ana: Person, services: Services) -> None:
    async with services.resources.database.connection() as connection:
        await connection.execute(
            """
            INSERT INTO users.sessions (id, user_id, expires_at, user_agent, ip_address, refresh_hash)
            SELECT kit.first_id_at(now()) + 100000 + n, $1, now() + interval '1 day', '', '', ''
            FROM generate_series(1, 99) n
            """,
            int(ana.id),
        )
    assert len((await ana.get("/v1/sessions"))["data"]) == 100
    newest = Person(client, ok(await sign_in(client, ana.username)), "")
    assert len((await newest.get("/v1/sessions"))["data"]) == 100
    response = await ana.request("GET", "/v1/sessions")
    assert (response.status_code, response.json()["code"]) == (401, "session_revoked")


async def test_account_without_password(client: httpx.AsyncClient, ana: Person, services: Services) -> None:
    """Imported or made by a program: nothing opens it, and it answers as any other."""
    async with services.resources.database.connection() as connection:
        await connection.execute("UPDATE users.users SET password_hash = '!' WHERE id = $1", int(ana.id))
    for password in (PASSWORD, "!"):
        response = await sign_in(client, ana.username, password)
        assert (response.status_code, response.json()["code"]) == (401, "invalid_credentials")


async def test_statements(client: httpx.AsyncClient, ana: Person, services: Services) -> None:
    """Look up, then in one transaction: start the session, read the account."""
    await sign_in(client, ana.username)
    with recorded_queries(services.resources.database) as seen:
        token = ok(await sign_in(client, ana.username))["refresh_token"]
    assert [_verb(statement) for statement in seen] == ["SELECT", "BEGIN;", "WITH", "SELECT", "COMMIT;"]
    with recorded_queries(services.resources.database) as seen:
        ok(await client.post("/v1/sessions/refresh", json={"refresh_token": token}))
    assert [_verb(statement) for statement in seen] == ["BEGIN;", "SELECT", "UPDATE", "SELECT", "COMMIT;"]


def _verb(statement: str) -> str:
    lines = [line for line in statement.splitlines() if line.strip() and not line.startswith("--")]
    return lines[0].split()[0]
