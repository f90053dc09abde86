"""Migrations: in order, once, unchanged afterwards, and by any number of processes at once."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from rookery.kit.migrate import MigrationError, list_migrations, migrate, pending


@pytest.fixture
async def empty_database(postgres_url: str) -> AsyncIterator[str]:
    name = f"migrate_{secrets.token_hex(4)}"
    connection = await asyncpg.connect(postgres_url)
    await connection.execute(f"CREATE DATABASE {name}")
    yield postgres_url.replace("/rookery?", f"/{name}?")
    await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "0001_first.sql").write_text("CREATE TABLE first (id int);")
    (tmp_path / "0002_second.sql").write_text("ALTER TABLE first ADD COLUMN name text;")
    return tmp_path


async def test_all_of_rookery_s_apply_to_an_empty_database(empty_database: str) -> None:
    names = [migration.name for migration in list_migrations()]
    assert await migrate(empty_database) == names
    assert await migrate(empty_database) == []


async def test_many_processes_at_once_apply_each_once(empty_database: str, folder: Path) -> None:
    done = await asyncio.gather(*(migrate(empty_database, folder) for _ in range(5)))
    assert sorted(name for names in done for name in names) == ["0001_first.sql", "0002_second.sql"]


async def test_what_is_missing_is_told(empty_database: str, folder: Path) -> None:
    connection = await asyncpg.connect(empty_database)
    try:
        assert await pending(connection, folder) == ["0001_first.sql", "0002_second.sql"]
        await migrate(empty_database, folder)
        (folder / "0003_third.sql").write_text("SELECT 1;")
        assert await pending(connection, folder) == ["0003_third.sql"]
    finally:
        await connection.close()


async def test_a_changed_file_is_refused(empty_database: str, folder: Path) -> None:
    await migrate(empty_database, folder)
    (folder / "0001_first.sql").write_text("CREATE TABLE other (id int);")
    with pytest.raises(MigrationError, match="0001_first"):
        await migrate(empty_database, folder)


async def test_a_failing_file_is_named_and_leaves_nothing(empty_database: str, folder: Path) -> None:
    (folder / "0002_second.sql").write_text("CREATE TABLE half (id int); SELECT nonsense;")
    with pytest.raises(MigrationError, match="0002_second"):
        await migrate(empty_database, folder)
    connection = await asyncpg.connect(empty_database)
    try:
        assert await connection.fetchval("SELECT to_regclass('half')") is None
        assert await connection.fetchval("SELECT to_regclass('first')") == "first"
    finally:
        await connection.close()
