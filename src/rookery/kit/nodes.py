"""Node numbers for ids, leased in PostgreSQL so that two processes never share one.

A lease runs for LEASE_S seconds and is renewed three times as often; a process that cannot renew stops making ids
before its lease ends. A number is given anew only after its lease ended, so ids of the old holder lie in the past.
"""

import asyncio
import contextlib
import time
import uuid

import structlog

from rookery.kit.database import Database
from rookery.kit.ids import IdGenerator
from rookery.kit.problems import Unavailable

LEASE_S = 60

ACQUIRE = """
UPDATE kit.nodes SET holder = $1, expires_at = clock_timestamp() + make_interval(secs => $2)
WHERE node = (
    SELECT node FROM kit.nodes WHERE expires_at < clock_timestamp() ORDER BY expires_at LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING node
"""
RENEW = """
UPDATE kit.nodes SET expires_at = clock_timestamp() + make_interval(secs => $3)
WHERE node = $1 AND holder = $2 AND expires_at > clock_timestamp()
RETURNING node
"""
RELEASE = "UPDATE kit.nodes SET expires_at = clock_timestamp() + interval '2 seconds' WHERE node = $1 AND holder = $2"

log = structlog.get_logger(__name__)


class LeasedIds:
    """Ids under a leased node number. `next()` raises Unavailable while no lease is held."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._holder = uuid.uuid4()
        self._generator: IdGenerator | None = None
        self._valid_until = 0.0
        self._renewal: asyncio.Task[None] | None = None

    def next(self) -> int:
        if self._generator is None or time.monotonic() > self._valid_until:
            raise Unavailable("No id can be made until the database answers again.")
        return self._generator.next()

    async def open(self) -> None:
        await self._acquire()
        self._renewal = asyncio.create_task(self._keep())

    async def close(self) -> None:
        if self._renewal is not None:
            self._renewal.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._renewal
        if self._generator is not None:
            node, self._generator = self._generator.node, None
            with contextlib.suppress(Unavailable):
                async with self._database.connection() as connection:
                    await connection.execute(RELEASE, node, self._holder)

    async def _acquire(self) -> None:
        asked_at = time.monotonic()
        async with self._database.connection() as connection:
            node = await connection.fetchval(ACQUIRE, self._holder, float(LEASE_S))
        if node is None:
            raise Unavailable("All 248 node numbers are leased; try again in a minute.")
        self._generator = IdGenerator(node)
        self._valid_until = asked_at + LEASE_S * 0.8

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(LEASE_S / 3)
            try:
                await self._renew()
            except Unavailable:
                log.warning("nodes.renewal_failed")

    async def _renew(self) -> None:
        asked_at = time.monotonic()
        if self._generator is None:
            await self._acquire()
            return
        async with self._database.connection() as connection:
            node = await connection.fetchval(RENEW, self._generator.node, self._holder, float(LEASE_S))
        if node is None:
            log.warning("nodes.lease_lost", node=self._generator.node)
            self._generator = None
            await self._acquire()
            return
        self._valid_until = asked_at + LEASE_S * 0.8
