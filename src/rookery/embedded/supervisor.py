"""Starts the children in order, keeps them alive, stops them in reverse order.

A child that ends is started again after a pause that doubles; one that ends too often within a minute ends the whole
run, because restarting what cannot run only hides the reason. Children live no longer than we do: see `launch.py`.
"""

import asyncio
import signal
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from rookery.embedded.errors import EmbeddedError
from rookery.embedded.process import rotate
from rookery.embedded.program import describe_exit

CRASHES_MAX = 5
CRASH_WINDOW_S = 60.0
FIRST_PAUSE_S = 0.2
ROTATE_EVERY_S = 5.0
LAST_WORDS_MAX = 200
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Service(Protocol):
    """What can be supervised: Postgres, Valkey, Program."""

    @property
    def name(self) -> str: ...
    @property
    def log(self) -> Path: ...
    @property
    def once(self) -> bool:
        """True for what is done when `start` returns, and is not watched."""
        ...

    @property
    def ready_when_started(self) -> bool:
        """Whether `start` returns only once it does its work."""
        ...

    async def start(self) -> object:
        """Start it, and wait as long as the next one needs. Raises EmbeddedError."""
        ...

    def last_words(self) -> str:
        """The line of its log since its last start that says best why it ended; '' when it said nothing."""
        ...

    async def wait(self) -> int:
        """Return its exit code once it has ended."""
        ...

    async def stop(self) -> None:
        """End it and all that it started. Harmless when it does not run."""
        ...


class Supervisor:
    """Runs a list of services until a signal, or until one of them cannot be kept alive."""

    def __init__(self, services: Sequence[Service], say: Callable[[str], None]) -> None:
        self._services = services
        self._say = say
        self._stop = asyncio.Event()

    def request_stop(self) -> None:
        """What Ctrl-C does; safe from a signal handler of the event loop."""
        self._stop.set()

    async def run(self, when_started: Callable[[], Awaitable[None]] | None = None) -> None:
        """Return after a requested stop, with every child gone. `when_started` runs once all are started.

        Raises EmbeddedError, with every child gone too, when a child cannot be started or kept alive.
        """
        loop = asyncio.get_running_loop()
        for number in STOP_SIGNALS:
            loop.add_signal_handler(number, self.request_stop)
        work = asyncio.create_task(self._start_and_watch(when_started))
        stop = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait({work, stop}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stop.cancel()
            await self._end(work)
            for number in STOP_SIGNALS:
                loop.remove_signal_handler(number)

    async def _end(self, work: "asyncio.Task[None]") -> None:
        """Stop watching before stopping the watched; then pass on why the work ended, if by itself."""
        work.cancel()
        await asyncio.wait({work})
        for service in reversed(self._services):
            await service.stop()
        if not work.cancelled() and (error := work.exception()) is not None:
            raise _first_cause(error)

    async def _start_and_watch(self, when_started: Callable[[], Awaitable[None]] | None) -> None:
        async with asyncio.TaskGroup() as watchers:
            watchers.create_task(self._rotate_logs())
            for service in self._services:
                await service.start()
                if not service.once:
                    watchers.create_task(self._keep_alive(service))
            if when_started is not None:
                await when_started()

    async def _keep_alive(self, service: Service) -> None:
        """Start it again whenever it ends; never returns. Raises EmbeddedError when it ends too often."""
        crashes: deque[float] = deque(maxlen=CRASHES_MAX)
        reason = _reason(service, await service.wait())
        while True:
            crashes.append(time.monotonic())
            recent = sum(crashes[-1] - crash < CRASH_WINDOW_S for crash in crashes)
            if recent >= CRASHES_MAX:
                raise EmbeddedError(
                    f"{service.name} ended {recent} times within a minute, the last time by {reason}: "
                    f"giving up (more in {service.log})"
                )
            self._say(f"{service.name} ended unexpectedly ({reason}); starting it again")
            await asyncio.sleep(FIRST_PAUSE_S * 2 ** (recent - 1))
            try:
                await service.start()
            except EmbeddedError as error:
                reason = str(error)
                continue
            if service.ready_when_started:
                self._say(f"{service.name} runs again")
            reason = _reason(service, await service.wait())

    async def _rotate_logs(self) -> None:
        while True:
            for service in self._services:
                with suppress(OSError):  # a full disk must not end the run
                    rotate(service.log)
            await asyncio.sleep(ROTATE_EVERY_S)


def _reason(service: Service, code: int) -> str:
    """How it ended, and its last words when it ended by itself with a complaint."""
    last_words = service.last_words() if code > 0 else ""
    return f"{describe_exit(code)}, {last_words[:LAST_WORDS_MAX]}" if last_words else describe_exit(code)


def _first_cause(error: BaseException) -> BaseException:
    """The error inside a task group's wrapping."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
