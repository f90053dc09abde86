"""What lies below the cached timelines of readers who scroll far down, for the next pages of the same scroll.

A timeline changes at its top. Further down, entries only go (deleted, taken back, hidden), which is looked at when a
page is made; what a follow or unfollow adds or takes moves `follows_version`, under which a tail is kept. So a tail may
be remembered without an invalidation, as long as it begins where no transaction can still be about to commit.
"""

import time
from bisect import bisect_left
from collections import OrderedDict
from typing import Final

from rookery.contracts.posts import TimelineEntry
from rookery.contracts.users import Reader
from rookery.kit.ids import id_ms, wall_clock_ms

TAIL_ENTRIES: Final = 200
READERS_KEPT: Final = 2_000  # 200 entries of 100 bytes each: 40 MB at most
KEPT_S: Final = 120.0
SETTLED_MS: Final = 60_000  # longer than any request, so than any transaction that writes a post, may take


class Tail:
    """The entries below `top`, newest first; `ended`: nothing older exists."""

    __slots__ = ("_entries", "_expires_at", "_top", "_version", "ended")

    def __init__(self, follows_version: int, top: int, entries: list[TimelineEntry], *, ended: bool) -> None:
        self.ended = ended
        self._entries = entries
        self._top = top
        self._version = follows_version
        self._expires_at = time.monotonic() + KEPT_S

    def below(self, before: int) -> list[TimelineEntry]:
        first = bisect_left(self._entries, -before + 1, key=lambda entry: -entry.id)
        return self._entries[first:]

    def holds(self, reader: Reader, before: int, limit: int) -> bool:
        """Whether it has the `limit` entries below `before`, or all that there are."""
        if self._version != reader.follows_version or before > self._top or self._expires_at < time.monotonic():
            return False
        return self.ended or len(self.below(before)) >= limit


class Tails:
    """The tails that were read last, one for each reader. For settled places only (`is_settled`)."""

    def __init__(self) -> None:
        self._tails: OrderedDict[int, Tail] = OrderedDict()

    def find(self, reader: Reader, before: int, limit: int) -> Tail | None:
        tail = self._tails.get(reader.id)
        return tail if tail is not None and tail.holds(reader, before, limit) else None

    def keep(self, reader: Reader, tail: Tail) -> None:
        self._tails[reader.id] = tail
        self._tails.move_to_end(reader.id)
        if len(self._tails) > READERS_KEPT:
            self._tails.popitem(last=False)


def is_settled(before: int) -> bool:
    """Whether what lies below the id `before` is committed or never will be."""
    return id_ms(before) < wall_clock_ms() - SETTLED_MS
