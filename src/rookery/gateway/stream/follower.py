"""The one task of a process that follows the live log, and what it does when Valkey goes away and comes back."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import structlog

from rookery.gateway.stream.dispatch import Dispatcher
from rookery.gateway.stream.log import RECENT_MAX
from rookery.kit import live
from rookery.kit.cache import Cache, CacheError
from rookery.kit.live import LoggedEvent

BATCH = 100
WAIT_MS = 2_000
REPLY_S = 10.0  # a connection that says nothing for so long is replaced
RETRY_S = 0.2

log = structlog.get_logger(__name__)


class LogFollower:
    """Reads on a connection of its own, on which it waits. `before_delivery` is awaited before events are given out."""

    def __init__(
        self, url: str, cache: Cache, dispatcher: Dispatcher, before_delivery: Callable[[], Awaitable[None]]
    ) -> None:
        self._url = url
        self._cache = cache
        self._dispatcher = dispatcher
        self._end = dispatcher.end
        self._before_delivery = before_delivery
        self._reading = Cache(url, blocking=True)
        self._task: asyncio.Task[None] | None = None
        self._started = False

    async def open(self) -> None:
        """Begin at the end of the log as it is now; without Valkey, at its end once it is there."""
        await self._reading.open()
        with contextlib.suppress(CacheError):
            await self._start()
        self._task = asyncio.create_task(self._run(), name="stream.follower")

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._reading.close()

    async def _start(self) -> None:
        newest = await live.read_newest(self._cache, RECENT_MAX)
        self._end.start(newest, everything=len(newest) < RECENT_MAX)
        self._started = True

    async def _run(self) -> None:
        while True:
            try:
                if not self._started:
                    await self._start()
                    self._dispatcher.tell_gap()
                events = await self._read()
                if events:
                    await self._before_delivery()
                    await self._dispatcher.deliver(events)
                else:
                    await self._check_flushed()
            except CacheError as error:
                log.info("stream.log_away", error=str(error))
                await asyncio.sleep(RETRY_S)
            except TimeoutError:
                log.warning("stream.log_silent")
                await self._reading.close()
                self._reading = Cache(self._url, blocking=True)
                await self._reading.open()
            except Exception:
                log.exception("stream.follower_failed")
                await asyncio.sleep(RETRY_S)

    async def _read(self) -> list[LoggedEvent]:
        async with asyncio.timeout(REPLY_S):
            return await live.read_after(self._reading, self._end.position, BATCH, WAIT_MS)

    async def _check_flushed(self) -> None:
        """Nothing new: is what we have read still the end of the log?"""
        newest = await live.read_newest(self._cache, 1)
        if (newest[-1].id if newest else (0, 0)) < self._end.position:
            self._end.lose()
            self._dispatcher.tell_gap()
