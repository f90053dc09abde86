"""A circuit breaker: who does not answer is left alone for a while, and asked by one call whether it is back."""

import time

FAILURES_MAX = 5  # in a row
OPEN_S = 1.0


class Breaker:
    """Closed: calls go through. Open: none, for OPEN_S after the last failure. Half open: one, which decides."""

    def __init__(self) -> None:
        self._failures = 0
        self._opened_at = 0.0
        self._probing = False

    @property
    def closed(self) -> bool:
        return self._failures < FAILURES_MAX

    def admits(self) -> bool:
        """Whether a call may be tried now. Who is admitted must report `succeeded`, `failed` or `gave_up`."""
        if self.closed:
            return True
        if self._probing or time.monotonic() - self._opened_at < OPEN_S:
            return False
        self._probing = True
        return True

    def succeeded(self) -> None:
        self._failures = 0
        self._probing = False

    def failed(self) -> None:
        self._failures += 1
        self._opened_at = time.monotonic()
        self._probing = False

    def gave_up(self) -> None:
        """The call was cancelled: it says nothing about the other side."""
        self._probing = False
