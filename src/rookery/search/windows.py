"""How far back a search looks at once.

Of a common word there are more posts than can be sorted for one page. A search looks at stretches of time from the
newest on, each four times as long as the one before, until it has found enough: the first is as long as the newest
FIRST_POSTS posts took. A rare word costs five looks into the index, a common one the first. The last stretch is all the
rest; who is not full before has met few matches until then.
"""

import time
from collections.abc import AsyncIterator
from typing import Final, NamedTuple

from rookery.kit.ids import MAX_ID, first_id_at, id_ms, wall_clock_ms
from rookery.search.repository import SearchRepository

FIRST_POSTS: Final = 8_192
GROWTH: Final = 4
STRETCHES: Final = 4  # then all the rest
SPAN_KEPT_S: Final = 60.0
CLOCK_SKEW_MS: Final = 60_000


class Stretch(NamedTuple):
    """Ids from `since` to below `before`."""

    since: int
    before: int


class Windows:
    def __init__(self, repository: SearchRepository) -> None:
        self._repository = repository
        self._span_ms = 0
        self._known_until = 0.0

    async def stretches(self, since: int, before: int) -> AsyncIterator[Stretch]:
        """From `before` down to `since`; at most STRETCHES + 1."""
        top = min(before, first_id_at(wall_clock_ms() + CLOCK_SKEW_MS))
        span_ms = await self._first_span_ms()
        for nth in range(STRETCHES + 1):
            bottom = max(since, first_id_at(max(0, id_ms(top) - span_ms * GROWTH**nth)))
            if nth == STRETCHES:
                bottom = since
            if bottom < top:
                yield Stretch(bottom, top)
            if bottom <= since:
                return
            top = bottom

    async def _first_span_ms(self) -> int:
        """How long the newest posts took, as of a minute ago at most."""
        if time.monotonic() >= self._known_until:
            oldest = await self._repository.id_at_depth(FIRST_POSTS)
            now_ms = wall_clock_ms()
            self._span_ms = max(1, now_ms - id_ms(oldest)) if oldest is not None else id_ms(MAX_ID)
            self._known_until = time.monotonic() + SPAN_KEPT_S
        return self._span_ms
