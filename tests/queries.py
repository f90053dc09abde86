"""A recorder of the SQL that a request runs, for hot endpoints whose number of statements is a promise."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar

import asyncpg
import pytest

from rookery.kit.database import Connection, Database

# What asyncpg itself asks once on each connection, to learn the types of arrays.
INTROSPECTION = ("typeinfo_tree", "current_setting('jit')")

_recording: ContextVar[bool] = ContextVar("recording", default=False)


@contextmanager
def recorded_queries(database: Database) -> Iterator[list[str]]:
    """Collects the statements that this test runs through `database`, `BEGIN` and `COMMIT` included, in order.

    Those of consumers, which work in tasks of their own, are left out.
    """
    seen: list[str] = []
    connect = database.connection

    def note(query: asyncpg.connection.LoggedQuery) -> None:
        if not any(mark in query.query for mark in INTROSPECTION):
            seen.append(query.query)

    @asynccontextmanager
    async def recorded() -> AsyncIterator[Connection]:
        async with connect() as connection:
            if not _recording.get():
                yield connection
                return
            connection.add_query_logger(note)
            try:
                yield connection
            finally:
                connection.remove_query_logger(note)

    token = _recording.set(True)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(database, "connection", recorded)
            yield seen
    finally:
        _recording.reset(token)
