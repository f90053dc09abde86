"""What all tests share: real PostgreSQL and Valkey, one application with its consumers, and a cast of people.

Tests are isolated by people: each test signs up accounts of its own and looks only at what they can see.
"""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
import pytest_asyncio

from rookery.gateway.app import wrap
from rookery.gateway.wiring import Services
from rookery.gateway.worker import Worker
from rookery.kit.migrate import migrate
from rookery.kit.settings import Settings
from tests.people import Person, sign_up
from tests.servers import postgres_server, postgres_url, servers_var, valkey_server, valkey_url
from tests.settling import heard, settled

__all__ = ["postgres_server", "postgres_url", "servers_var", "valkey_server", "valkey_url"]


@pytest.fixture(scope="session")
def settings(postgres_url: str, valkey_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(
        database_url=postgres_url,
        cache_url=valkey_url,
        secret_key=secrets.token_hex(32),
        rate_limits=False,
        link_cards=False,  # no test asks the world; those of cards have a world of their own
        argon2_time_cost=1,
        argon2_memory_kib=64,
        mail_dir=str(tmp_path_factory.mktemp("mail")),
        media_dir=str(tmp_path_factory.mktemp("media")),
    )


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def services(settings: Settings) -> AsyncIterator[Services]:
    """All services of the application under test, opened by its lifespan."""
    await migrate(settings.database_url)
    services = Services(settings)
    await services.open()
    yield services
    await services.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def app(services: Services) -> Any:
    return wrap(services, lifespan=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def worker(services: Services) -> AsyncIterator[Worker]:
    """The consumers, running beside the tests."""
    worker = Worker(services, paced=False)
    await worker.start()
    yield worker
    await worker.stop()


@pytest.fixture
async def client(app: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A signed-out client."""
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://rookery.test") as client:
        yield client


@pytest.fixture
async def settle(worker: Worker, services: Services) -> Callable[[], Awaitable[None]]:
    """Wait until every consumer group has handled all that is in the log now, and the caches have heard of it."""

    async def wait() -> None:
        await settled(worker)
        await heard(services.resources)

    return wait


@pytest.fixture
async def ana(client: httpx.AsyncClient) -> Person:
    return await sign_up(client, "ana")


@pytest.fixture
async def ben(client: httpx.AsyncClient) -> Person:
    return await sign_up(client, "ben")


@pytest.fixture
async def cem(client: httpx.AsyncClient) -> Person:
    return await sign_up(client, "cem")


@pytest.fixture
async def dee(client: httpx.AsyncClient) -> Person:
    return await sign_up(client, "dee")
