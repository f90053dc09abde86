"""One timer for all connections of a process, in place of one for each."""

import asyncio
from typing import Protocol

TICK_S = 0.1  # how exactly a moment is kept


class Timed(Protocol):
    def tick(self, now: float) -> None:
        """Called once, at the moment that was set; sets the next one itself."""


class Clock:
    """A calendar of ticks. It runs only while somebody waits for a moment; setting and unsetting cost O(1)."""

    def __init__(self) -> None:
        self._calendar: dict[int, set[Timed]] = {}
        self._reached = 0
        self._timer: asyncio.TimerHandle | None = None

    def set(self, timed: Timed, moment: float) -> int:
        """Returns the tick, by which `unset` finds it. Moments are the loop's."""
        if self._timer is None:
            self._start(int(asyncio.get_running_loop().time() / TICK_S))
        tick = max(int(moment / TICK_S) + 1, self._reached + 1)
        self._calendar.setdefault(tick, set()).add(timed)
        return tick

    def unset(self, timed: Timed, tick: int) -> None:
        """For what is still set: it has not been called."""
        waiting = self._calendar.get(tick)
        if waiting is not None:
            waiting.discard(timed)
            if not waiting:
                del self._calendar[tick]

    def _start(self, reached: int) -> None:
        self._reached = reached
        self._timer = asyncio.get_running_loop().call_later(TICK_S, self._run)

    def _run(self) -> None:
        now = asyncio.get_running_loop().time()
        until = int(now / TICK_S)
        due = [tick for tick in range(self._reached + 1, until + 1) if tick in self._calendar]
        self._reached = until
        for tick in due:
            for timed in self._calendar.pop(tick, ()):
                timed.tick(now)
        self._timer = None
        if self._calendar:
            self._start(until)
