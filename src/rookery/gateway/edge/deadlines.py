"""A time limit for every request, by one timer for all of them.

`asyncio.timeout` arms a timer of its own for each request, a third of what the whole edge costs (on uvloop, 4 us and
more). All requests have the same limit, so the oldest expires first, and looking at the oldest once per tick is enough.
A request is ended at most one tick late.
"""

import asyncio
from collections import OrderedDict

TICKS_PER_LIMIT = 20


class Running:
    """A request under way. `expired` once it was cancelled for taking too long."""

    __slots__ = ("cancelling", "ends_at", "expired", "task")

    def __init__(self, task: "asyncio.Task[object]", ends_at: float) -> None:
        self.task = task
        self.ends_at = ends_at
        self.expired = False
        self.cancelling = task.cancelling()


class Deadlines:
    """Cancels tasks that stay between `begin` and `end` for longer than `limit_s`."""

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self._running: OrderedDict[int, Running] = OrderedDict()
        self._ticking = False

    def begin(self) -> Running:
        """Called by the task itself; it must call `end`."""
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a deadline needs a task that can be cancelled")
        loop = task.get_loop()
        running = Running(task, loop.time() + self._limit_s)
        self._running[id(running)] = running
        if not self._ticking:
            self._ticking = True
            loop.call_later(self._limit_s / TICKS_PER_LIMIT, self._tick, loop)
        return running

    def end(self, running: Running) -> bool:
        """Whether it was its deadline alone that cancelled the task; the cancellation is then taken back."""
        self._running.pop(id(running), None)
        if not running.expired:
            return False
        running.expired = False
        return running.task.uncancel() <= running.cancelling

    def _tick(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        while self._running:
            running = next(iter(self._running.values()))
            if running.ends_at > now:
                loop.call_later(self._limit_s / TICKS_PER_LIMIT, self._tick, loop)
                return
            del self._running[id(running)]
            running.expired = True
            running.task.cancel()
        self._ticking = False
