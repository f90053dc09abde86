"""One PostgreSQL session for a consumer, a waker or jobs: its locks and its LISTEN live and die with the connection."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from rookery.kit.bus.base import BusUnavailable
from rookery.kit.database import CONNECTION_ERRORS, Connection

CHANNEL = "bus"
CONNECT_TIMEOUT_S = 5.0
COMMAND_TIMEOUT_S = 10.0

# A member that hangs for so long is taken for dead and loses its partitions, as with Kafka's max.poll.interval.
MEMBER_IDLE_TIMEOUT_S = 300

# A session behind a dead network is noticed by TCP within half a minute. A position lost in a crash of the
# server only means that its records come again, so commits need not wait for the disk. Every read is a range of an
# index; the planner cannot know how short.
SESSION_SETTINGS = {
    "application_name": "rookery-bus",
    "timezone": "UTC",
    "jit": "off",
    "enable_seqscan": "off",
    "synchronous_commit": "off",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}


class Session:
    """A connection that turns driver errors into BusUnavailable and runs one statement at a time.

    It must reach PostgreSQL itself: a pooler in transaction mode would lose the locks.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._one_at_a_time = asyncio.Lock()

    @classmethod
    async def connect(cls, dsn: str, *, idle_timeout_s: int = 0) -> "Session":
        """The server ends the session when it is idle for `idle_timeout_s` (0: never). Raises BusUnavailable."""
        try:
            connection = await asyncpg.connect(
                dsn,
                timeout=CONNECT_TIMEOUT_S,
                command_timeout=COMMAND_TIMEOUT_S,
                server_settings={**SESSION_SETTINGS, "idle_session_timeout": str(idle_timeout_s * 1000)},
            )
        except (*CONNECTION_ERRORS, TimeoutError) as error:
            raise BusUnavailable(f"cannot connect to the log: {error}") from error
        return cls(connection)

    async def fetch(self, query: str, *args: Any) -> Sequence[asyncpg.Record]:
        """Run one statement: one round trip once it is prepared. Raises BusUnavailable."""
        async with self._guarded():
            rows: Sequence[asyncpg.Record] = await self.connection.fetch(query, *args)
            return rows

    async def execute(self, command: str) -> None:
        """Run a command without parameters, unprepared: one round trip. Raises BusUnavailable."""
        async with self._guarded():
            await self.connection.execute(command)

    async def listen(self, woken: asyncio.Event) -> None:
        """Set `woken` on every NOTIFY, and when the connection ends."""
        async with self._guarded():
            await self.connection.add_listener(CHANNEL, lambda *_: woken.set())
        self.connection.add_termination_listener(lambda _: woken.set())

    @property
    def closed(self) -> bool:
        return bool(self.connection.is_closed())

    async def close(self) -> None:
        """Close politely within a second, else at once."""
        try:
            await self.connection.close(timeout=1.0)
        except (*CONNECTION_ERRORS, TimeoutError, asyncpg.PostgresError):
            self.connection.terminate()

    def terminate(self) -> None:
        self.connection.terminate()

    @asynccontextmanager
    async def _guarded(self) -> AsyncIterator[None]:
        async with self._one_at_a_time:
            try:
                yield
            except (*CONNECTION_ERRORS, TimeoutError) as error:
                self.connection.terminate()
                raise BusUnavailable(f"lost the log: {error}") from error
