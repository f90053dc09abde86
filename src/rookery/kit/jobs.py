"""Periodic jobs of the worker. However many workers run, a job runs in one of them at a time."""

import asyncio
import random
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import structlog
from msgspec import Struct

from rookery.kit.bus.base import BusUnavailable
from rookery.kit.bus.session import Session

TAKE = "SELECT pg_try_advisory_lock($1)"
RELEASE = "SELECT pg_advisory_unlock($1)"

log = structlog.get_logger(__name__)


class Job(Struct, frozen=True):
    """`run` is called at start and every `every_s` seconds, a tenth more or less; when it fails it is tried again."""

    name: str
    every_s: float
    run: Callable[[], Awaitable[object]]


class JobLocks:
    """The locks of all jobs that a process runs, in one PostgreSQL session beside the pool, which they end with.

    A lock in a connection of the pool would keep the job itself from it: as many jobs as there are connections would
    wait for each other.
    """

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._session: Session | None = None
        self._one_connects = asyncio.Lock()

    @asynccontextmanager
    async def holding(self, job: Job) -> AsyncIterator[bool]:
        """Whether the job is ours to run while inside; another process has it else. Raises BusUnavailable."""
        key, session = lock_key(job), await self._connected()
        [(ours,)] = await session.fetch(TAKE, key)
        try:
            yield ours
        finally:
            if ours and not session.closed:
                with suppress(BusUnavailable):  # the session has ended, and its locks with it
                    await session.fetch(RELEASE, key)

    async def close(self) -> None:
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    async def _connected(self) -> Session:
        async with self._one_connects:
            if self._session is None or self._session.closed:
                self._session = await Session.connect(self._dsn)
            return self._session


def lock_key(job: Job) -> int:
    """Of the advisory lock: 32 bits."""
    return zlib.crc32(f"job:{job.name}".encode())


async def keep_running(locks: JobLocks, job: Job, after_s: float = 0.0) -> None:
    """Run a job for ever, first after `after_s`; cancel to end."""
    await asyncio.sleep(after_s)
    while True:
        try:
            await run_once(locks, job)
        except Exception as error:
            log.warning("job.failed", job=job.name, error=repr(error))
        await asyncio.sleep(job.every_s * random.uniform(0.9, 1.1))  # noqa: S311 - spreads load, keeps no secret


async def run_once(locks: JobLocks, job: Job) -> bool:
    """Run a job unless another process is running it; whether it ran."""
    async with locks.holding(job) as ours:
        if ours:
            await job.run()
        return ours
