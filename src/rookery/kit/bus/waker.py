"""Waker: tells sleeping consumers that something was committed, coalesced to one NOTIFY per 5 ms and process.

A NOTIFY inside the business transaction would be simpler, and wrong: PostgreSQL takes one server-wide lock from there
until the end of the commit to keep notifications in commit order, which makes all commits queue. So it is sent
afterwards, on a connection of its own, for any number of commits at once. A wake-up that is lost (a crash, a broken
connection) costs a quarter of a second to a second, because consumers also poll.
"""

import asyncio
import time

import structlog

from rookery.kit.bus.base import BusUnavailable
from rookery.kit.bus.session import CHANNEL, Session

INTERVAL_S = 0.005
RECONNECT_AFTER_S = 1.0
NOTIFY = f"NOTIFY {CHANNEL}"

log = structlog.get_logger(__name__)


class Waker:
    """Start it once per process; `wake` may be called from anywhere on the event loop, after the commit."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._wanted = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """Returns at once; the NOTIFY goes out now, or 5 ms after the one before."""
        self._wanted.set()

    async def start(self) -> None:
        """Connects when first woken, so it starts even while the database is away."""
        self._task = asyncio.create_task(self._run(), name="waker")

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _run(self) -> None:
        while True:
            try:
                await self._notify_until_lost()
            except BusUnavailable as error:
                self._wanted.set()
                log.warning("waker.disconnected", error=str(error))
                await asyncio.sleep(RECONNECT_AFTER_S)

    async def _notify_until_lost(self) -> None:
        await self._wanted.wait()
        session = await Session.connect(self._dsn)
        try:
            while True:
                await self._wanted.wait()
                self._wanted.clear()
                sent_at = time.monotonic()
                await session.execute(NOTIFY)
                await asyncio.sleep(max(sent_at + INTERVAL_S - time.monotonic(), 0))
        finally:
            await session.close()
