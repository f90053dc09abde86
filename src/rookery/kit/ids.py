"""64-bit time-ordered ids: Unix milliseconds << 16, then 8 bits of node and 8 bits of sequence.

Order by id is order by time. Two processes never share a node number (see `rookery.kit.nodes`). In JSON an id is a
decimal string, since it exceeds what a JavaScript number holds.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime

MAX_ID = 2**63 - 1
TIME_SHIFT = 16  # bits of an id below its milliseconds
MAX_CLOCK_STEP_BACK_MS = 1000


def parse_id(text: str) -> int | None:
    """The id that a decimal string from a client names; None when it names none, such as `1_0`, `٣` or 2**63."""
    number = int(text) if len(text) <= 19 and text.isascii() and text.isdigit() else 0
    return number if 0 < number <= MAX_ID else None


class ClockStepBackError(Exception):
    """The clock went back by more than MAX_CLOCK_STEP_BACK_MS: ids could repeat, so none is made."""


def wall_clock_ms() -> int:
    return time.time_ns() // 1_000_000


class IdGenerator:
    """Makes ids for one node. Not thread-safe: one per event loop.

    At most 256 ids per millisecond; a full millisecond waits for the next. A clock that steps back by up to a second is
    waited out; by more, ClockStepBackError is raised.
    """

    def __init__(self, node: int, clock_ms: Callable[[], int] = wall_clock_ms) -> None:
        if not 0 <= node <= 255:
            raise ValueError("node must lie between 0 and 255")
        self.node = node
        self._clock_ms = clock_ms
        self._last_ms = 0
        self._sequence = 0

    def next(self) -> int:
        now = self._clock_ms()
        if now == self._last_ms and self._sequence < 255:
            self._sequence += 1
        else:
            if now <= self._last_ms:
                now = self._wait_past_last(now)
            self._last_ms = now
            self._sequence = 0
        return self._last_ms << 16 | self.node << 8 | self._sequence

    def _wait_past_last(self, now: int) -> int:
        if self._last_ms - now > MAX_CLOCK_STEP_BACK_MS:
            raise ClockStepBackError(f"the clock stepped back by {self._last_ms - now} ms")
        while now <= self._last_ms:
            time.sleep(0.0002)
            now = self._clock_ms()
        return now


def id_ms(value: int) -> int:
    """Unix milliseconds of an id."""
    return value >> TIME_SHIFT


def id_time(value: int) -> datetime:
    """The UTC time that an id carries."""
    return datetime.fromtimestamp((value >> 16) / 1000, UTC)


def first_id_at(ms: int) -> int:
    """The smallest id of a millisecond."""
    return ms << 16


def format_time(value: datetime) -> str:
    """RFC 3339 in UTC with three decimals and `Z`."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def format_id_time(value: int) -> str:
    """The time of an id, as in JSON."""
    return format_time(id_time(value))
