"""Until when an answer is still of use, carried from the request at the edge through every call that it causes."""

import time
from contextvars import ContextVar

# Monotonic seconds of this process; between processes what is left travels, in milliseconds.
DEADLINE: ContextVar[float] = ContextVar("deadline", default=float("inf"))

HEADER = "x-rookery-timeout-ms"


def begin(limit_s: float) -> None:
    """Whoever asks will not wait longer than `limit_s` from now."""
    DEADLINE.set(time.monotonic() + limit_s)


def seconds_left() -> float:
    """Until the deadline; infinite without one, negative when it has passed."""
    return DEADLINE.get() - time.monotonic()
