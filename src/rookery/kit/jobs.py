"""Periodic jobs of the worker. However many workers run, a job runs in one of them at a time."""

import asyncio
import random
import zlib
from collections.abc import Awaitable, Callable

import structlog
from msgspec import Struct

from rookery.kit.database import Database

log = structlog.get_logger(__name__)


class Job(Struct, frozen=True):
    """`run` is called at start and every `every_s` seconds, a tenth more or less; when it fails it is tried again."""

    name: str
    every_s: float
    run: Callable[[], Awaitable[object]]


async def keep_running(database: Database, job: Job) -> None:
    """Run a job for ever; cancel to end."""
    while True:
        try:
            await run_once(database, job)
        except Exception as error:
            log.warning("job.failed", job=job.name, error=repr(error))
        await asyncio.sleep(job.every_s * random.uniform(0.9, 1.1))  # noqa: S311 - spreads load, keeps no secret


async def run_once(database: Database, job: Job) -> bool:
    """Run a job unless another process is running it; whether it ran. The lock is the session's, so it ends with us."""
    key = zlib.crc32(f"job:{job.name}".encode())
    async with database.connection() as connection:
        if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", key):
            return False
        try:
            await job.run()
        finally:
            await connection.execute("SELECT pg_advisory_unlock($1)", key)
    return True
