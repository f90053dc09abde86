"""Health and readiness, against real servers that go away and come back."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from litestar import Litestar
from litestar.di import Provide

from rookery.gateway.health import ROUTES
from rookery.gateway.remote import Peers
from rookery.kit.migrate import migrate
from rookery.kit.resources import Resources
from rookery.kit.settings import Settings
from tests.own_servers import own_valkey

DEADLINE_S = 20.0
NOWHERE = "redis://127.0.0.1:1"


@pytest.fixture
async def resources(postgres_url: str, valkey_url: str) -> AsyncIterator[Resources]:
    await migrate(postgres_url)
    resources = unopened(postgres_url, valkey_url)
    await resources.open()
    yield resources
    await resources.close()


def unopened(database_url: str, cache_url: str) -> Resources:
    return Resources(
        Settings(database_url=database_url, cache_url=cache_url, secret_key="x" * 32, database_pool_size=2)
    )


def client_of(resources: Resources) -> httpx.AsyncClient:
    app: Any = Litestar(
        ROUTES,
        dependencies={
            "resources": Provide(lambda: resources, sync_to_thread=False),
            "peers": Provide(lambda: Peers(resources, (), ()), sync_to_thread=False),
        },
        openapi_config=None,
        logging_config=None,
    )
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://rookery.test")


async def test_alive_without_anything() -> None:
    answer = await client_of(unopened("postgresql://127.0.0.1:1/none", NOWHERE)).get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert answer.headers["cache-control"] == "no-store"


async def test_ready(resources: Resources) -> None:
    answer = await client_of(resources).get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ready", "checks": {"database": "ok", "migrations": "ok", "cache": "ok"}}


async def test_not_ready_says_what_is_away() -> None:
    answer = await client_of(unopened("postgresql://127.0.0.1:1/none", NOWHERE)).get("/readyz")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
    assert answer.json() == {
        "status": "not_ready",
        "checks": {"database": "unavailable", "migrations": "unavailable", "cache": "unavailable"},
    }


async def test_pending_migrations_are_not_ready(resources: Resources) -> None:
    async with resources.database.connection() as connection:
        row = await connection.fetchrow(
            "DELETE FROM public.rookery_migrations WHERE name LIKE '0001%' RETURNING name, checksum, applied_at"
        )
        try:
            checks = (await client_of(resources).get("/readyz")).json()["checks"]
        finally:
            await connection.execute("INSERT INTO public.rookery_migrations VALUES ($1, $2, $3)", *row)
    assert checks == {"database": "ok", "migrations": "pending", "cache": "ok"}


async def test_busy_database_does_not_hold_the_answer(resources: Resources) -> None:
    async with resources.database.connection(), resources.database.connection():
        checks = (await client_of(resources).get("/readyz")).json()["checks"]
    assert checks == {"database": "timeout", "migrations": "timeout", "cache": "ok"}


async def test_degraded_without_the_cache_and_ready_again_when_it_returns(postgres_url: str) -> None:
    async with own_valkey() as valkey:
        resources = unopened(postgres_url, valkey.url)
        await resources.open()
        client = client_of(resources)
        try:
            await valkey.stop()
            answer = await client.get("/readyz")
            assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
            assert answer.json()["checks"]["cache"] in ("unavailable", "timeout")
            await valkey.start()
            async with asyncio.timeout(DEADLINE_S):
                while (await client.get("/readyz")).json()["status"] != "ready":
                    await asyncio.sleep(0.02)
        finally:
            await resources.close()
