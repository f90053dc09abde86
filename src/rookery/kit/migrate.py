"""Migrations: the plain SQL files of `rookery/migrations`, applied in order, each in one transaction, each once.

What was applied is kept with its checksum in `public.rookery_migrations`: a file that changed afterwards is refused.
An advisory lock lets any number of processes start at once.
"""

import hashlib
from pathlib import Path

import asyncpg
from msgspec import Struct

MIGRATIONS = Path(__file__).parent.parent / "migrations"
LOCK_KEY = 0x726F6F6B  # "rook"

CREATE_TABLE = """
CREATE TABLE IF NOT EXISTS public.rookery_migrations (
    name text PRIMARY KEY,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)
"""


class MigrationError(Exception):
    """A migration cannot be applied; the text names its file."""


class Migration(Struct, frozen=True):
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


def list_migrations(folder: Path = MIGRATIONS) -> list[Migration]:
    return [Migration(path.name, path.read_text("utf-8")) for path in sorted(folder.glob("[0-9]*.sql"))]


async def migrate(dsn: str, folder: Path = MIGRATIONS) -> list[str]:
    """Apply what is missing and return the names applied now, in order."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", LOCK_KEY)
        await connection.execute(CREATE_TABLE)
        return await _apply_missing(connection, list_migrations(folder))
    finally:
        await connection.close()


async def pending(connection: asyncpg.Connection, folder: Path = MIGRATIONS) -> list[str]:
    """The names of the migrations that are not applied yet."""
    if not await connection.fetchval("SELECT to_regclass('public.rookery_migrations') IS NOT NULL"):
        return [migration.name for migration in list_migrations(folder)]
    applied = {row["name"] for row in await connection.fetch("SELECT name FROM public.rookery_migrations")}
    return [migration.name for migration in list_migrations(folder) if migration.name not in applied]


async def _apply_missing(connection: asyncpg.Connection, migrations: list[Migration]) -> list[str]:
    rows = await connection.fetch("SELECT name, checksum FROM public.rookery_migrations")
    applied = {row["name"]: row["checksum"] for row in rows}
    done = []
    for migration in migrations:
        if migration.name in applied:
            if applied[migration.name] != migration.checksum:
                raise MigrationError(f"{migration.name} was changed after it had been applied")
            continue
        await _apply(connection, migration)
        done.append(migration.name)
    return done


async def _apply(connection: asyncpg.Connection, migration: Migration) -> None:
    try:
        async with connection.transaction():
            await connection.execute(migration.sql)
            await connection.execute(
                "INSERT INTO public.rookery_migrations (name, checksum) VALUES ($1, $2)",
                migration.name,
                migration.checksum,
            )
    except asyncpg.PostgresError as error:
        raise MigrationError(f"{migration.name}: {error}") from error
