"""PostgreSQL by asyncpg: one pool per process, transactions, and driver errors turned into 503.

SQL lives in each service's `queries.sql`, loaded by name with aiosql; rows come back as `asyncpg.Record`.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeAlias

import aiosql
import asyncpg

from rookery.kit.problems import Unavailable

CONNECTION_ERRORS = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # what a connection that is just breaking may raise
    asyncpg.OperatorInterventionError,
    asyncpg.TooManyConnectionsError,
    asyncpg.exceptions.ReadOnlySQLTransactionError,
)

Connection: TypeAlias = Any  # asyncpg ships no types: its connections and their pool proxies


class PooledConnection(asyncpg.Connection):  # type: ignore[misc]
    """A connection whose release costs no round trip: we leave no session state behind, so there is none to reset."""

    def get_reset_query(self) -> str:
        return ""


class Database:
    """A pool of connections. Every use is inside `connection()` or `transaction()`.

    Both raise Unavailable (503) when the server is away or every connection stays busy for `acquire_timeout_s`.
    """

    def __init__(self, dsn: str, *, size: int = 20, acquire_timeout_s: float = 5.0) -> None:
        self._dsn = dsn
        self._size = size
        self._acquire_timeout_s = acquire_timeout_s
        self._pool: asyncpg.Pool | None = None

    @property
    def dsn(self) -> str:
        return self._dsn

    async def open(self) -> None:
        self._pool = await asyncpg.create_pool(
            self._dsn,
            min_size=1,
            max_size=self._size,
            max_inactive_connection_lifetime=300,
            command_timeout=10,
            timeout=5,
            connection_class=PooledConnection,
            server_settings={
                "application_name": "rookery",
                "timezone": "UTC",
                "jit": "off",
                "max_parallel_workers_per_gather": "0",
            },
        )

    async def close(self) -> None:
        if self._pool is not None:
            pool, self._pool = self._pool, None
            pool.terminate()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection in autocommit: each statement is its own transaction."""
        if self._pool is None:
            raise Unavailable("The database is not open.")
        try:
            async with self._pool.acquire(timeout=self._acquire_timeout_s) as connection:
                try:
                    yield connection
                except asyncpg.InternalClientError:
                    connection.terminate()  # its state is unknown: nobody else may get it
                    raise
        except CONNECTION_ERRORS as error:
            raise Unavailable("The database does not answer; try again in a moment.") from error
        except TimeoutError as error:
            raise Unavailable("The database is too busy; try again in a moment.") from error

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A connection inside a transaction (READ COMMITTED), committed at the end, rolled back on an exception."""
        async with self.connection() as connection, connection.transaction():
            yield connection


def load_queries(module_file: str) -> Any:
    """The named statements of the `queries.sql` beside a module (`load_queries(__file__)`), as an aiosql object.

    Call them as `await queries.name(connection, parameter=value)`.
    """
    return aiosql.from_path(Path(module_file).with_name("queries.sql"), "asyncpg")


def violated_constraint(error: asyncpg.IntegrityConstraintViolationError) -> str:
    """The name of the constraint that refused a write."""
    return str(error.constraint_name or "")
