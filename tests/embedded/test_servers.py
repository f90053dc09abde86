"""The shared fixtures give servers that work."""

import asyncio

import asyncpg

from rookery.embedded.postgres import Postgres
from rookery.embedded.valkey import Valkey


async def test_postgres_is_version_18_with_an_unprivileged_owner(postgres_url: str, postgres_server: Postgres) -> None:
    connection = await asyncpg.connect(postgres_url)
    try:
        assert connection.get_server_version().major == 18
        row = await connection.fetchrow(
            "SELECT rolsuper, rolcreatedb, current_setting('listen_addresses')"
            " FROM pg_roles WHERE rolname = current_user"
        )
        assert row is not None and tuple(row) == (False, True, "")
        await connection.fetch("SELECT * FROM pg_stat_statements LIMIT 1")
    finally:
        await connection.close()
    assert await postgres_server.healthy()


async def test_valkey_is_a_bounded_cache(valkey_url: str, valkey_server: Valkey) -> None:
    reader, writer = await asyncio.open_unix_connection(valkey_url.removeprefix("unix://"))
    writer.write(b"CONFIG GET maxmemory-policy\r\nCONFIG GET save\r\nCONFIG GET zset-max-listpack-entries\r\nPING\r\n")
    answer = await reader.readuntil(b"+PONG\r\n")
    writer.close()
    await writer.wait_closed()
    assert b"allkeys-lru" in answer and b"1024" in answer and b"$4\r\nsave\r\n$0\r\n\r\n" in answer
    assert await valkey_server.healthy()
