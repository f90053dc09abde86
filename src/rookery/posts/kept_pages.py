"""Pages as they were last made, given out again while nothing in them has changed.

What a page shows follows from its entries, its reader, the posts and those that they quote, the reader's marks, the
reposts of reposted posts, and the epoch of the authors (see `rookery.posts.items`). Each is a value in a local cache
that is dropped when it changes. So a page is as good as made anew while everything is still the very object that it was
made from; to look at that costs a tenth of making it. Most reads are of this kind: a client asks whether there is
something new, and there is not.
"""

import time
from collections import OrderedDict
from typing import Any, Final

from msgspec import Struct

from rookery.contracts.posts import TimelineEntry
from rookery.contracts.users import Reader
from rookery.posts.hydration import Hydration
from rookery.posts.repeats import Repeats

READERS_KEPT: Final = 10_000  # 2 KB each, besides items of its own for what is marked or reposted
FOLLOWING_KEPT: Final = 1_000_000  # of all readers together: a page keeps its reader alive

Shown = list[tuple[TimelineEntry, bytes]]


class Basis(Struct, frozen=True):
    """All that a page is made from. `stamps` are those of `LocalCache.stamps`, of what is looked up by these ids."""

    reader: Reader
    entries: list[TimelineEntry]
    epoch: int
    post_ids: list[int]
    reposted_ids: list[int]
    stamps: list[Any]
    expires_at: float


class KeptPages:
    """The page that was last made for each reader."""

    def __init__(self, hydration: Hydration, repeats: Repeats) -> None:
        self._hydration = hydration
        self._repeats = repeats
        self._pages: OrderedDict[int, tuple[Basis, Shown]] = OrderedDict()
        self._following = 0

    def find(self, reader: Reader, entries: list[TimelineEntry], epoch: int) -> Shown | None:
        """The page of these entries, if it was the last and is still true."""
        page = self._pages.get(reader.id)
        if page is None:
            return None
        basis, shown = page
        if basis.reader is not reader or basis.epoch != epoch or basis.entries != entries:
            return None
        if basis.expires_at < time.monotonic():
            return None
        stamps = self._stamps(reader.id, basis.post_ids, basis.reposted_ids)
        return shown if stamps == basis.stamps else None

    def basis(self, reader: Reader, entries: list[TimelineEntry], epoch: int) -> Basis | None:
        """What a page of these entries is about to be made from; None while some of it is not in memory."""
        post_ids = [entry.post_id for entry in entries]
        posts = [stamp[0] for stamp in self._hydration.stamps(post_ids) if stamp is not None]
        post_ids += [post.quote_of_id for post in posts if post is not None and post.quote_of_id is not None]
        reposted_ids = [entry.post_id for entry in entries if entry.id != entry.post_id]
        stamps = self._stamps(reader.id, post_ids, reposted_ids)
        if None in stamps:
            return None
        expires_at = min(stamp[1] for stamp in stamps)
        return Basis(reader, entries, epoch, post_ids, reposted_ids, stamps, expires_at)

    def keep(self, basis: Basis, shown: Shown) -> None:
        """Remember what was made, unless its basis has moved meanwhile."""
        reader = basis.reader
        if self._stamps(reader.id, basis.post_ids, basis.reposted_ids) != basis.stamps:
            return
        self._drop(reader.id)
        self._pages[reader.id] = (basis, shown)
        self._following += len(reader.following)
        while len(self._pages) > READERS_KEPT or self._following > FOLLOWING_KEPT:
            self._drop(next(iter(self._pages)))

    def _drop(self, reader_id: int) -> None:
        page = self._pages.pop(reader_id, None)
        if page is not None:
            self._following -= len(page[0].reader.following)

    def _stamps(self, reader_id: int, post_ids: list[int], reposted_ids: list[int]) -> list[Any]:
        return [
            *self._hydration.stamps(post_ids),
            self._hydration.marks.stamp(reader_id),
            *self._repeats.stamps(reposted_ids),
        ]
