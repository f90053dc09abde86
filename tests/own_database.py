"""A migrated database that one test module has to itself, on the server that all share."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import asyncpg

from rookery.kit.migrate import migrate


@asynccontextmanager
async def own_database(server_url: str) -> AsyncIterator[str]:
    """Yields its URL. It goes with the server at the end of the session."""
    name = f"own_{secrets.token_hex(6)}"
    connection = await asyncpg.connect(server_url)
    try:
        await connection.execute(f"CREATE DATABASE {name}")
    finally:
        await connection.close()
    url = urlsplit(server_url)._replace(path=f"/{name}").geturl()
    await migrate(url)
    yield url
