"""What ranking looks at in posts, kept by columns, so that a ranking takes its 1,500 rows out at once.

One table per process. A row is at most MAX_AGE_S old; `post:<id>` (edits, deletes, counts) drops it at once. While
Valkey is away nothing is believed for longer than one ranking.
"""

import time
from collections.abc import Awaitable, Callable, Sequence
from itertools import compress
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rookery.timelines.ranking.weights import LIKE, QUOTE, REPLY, REPOST

POSTS_KEPT: Final = 50_000  # about 120 bytes each, and hashtags
MAX_AGE_S: Final = 60.0
LANGUAGES_MAX: Final = 1_000  # distinct ones; later ones count as unknown

Load = Callable[[list[int]], Awaitable[list[Any]]]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Facts(NamedTuple):
    """Columns of some posts. `languages` are codes of `FactTable.language_codes`, 0 for unknown."""

    author_ids: Ints
    reply_to_author_ids: Ints
    engagement: Floats
    author_posts: Floats
    author_engagement: Floats
    author_replies: Floats
    media: Floats
    languages: Ints
    hashtags: list[tuple[str, ...]]


class FactTable:
    """The facts of the posts that were loaded last, at most `size`."""

    def __init__(self, load: Load, *, size: int = POSTS_KEPT) -> None:
        self._load = load
        self._size = size
        self._slots: dict[int, int] = {}
        self._post_ids = [0] * size
        self._next = 0
        self._ints = np.zeros((size, 3), dtype=np.int64)
        self._floats = np.zeros((size, 5), dtype=np.float64)
        self._hashtags: list[tuple[str, ...]] = [()] * size
        self._expires = np.zeros(size, dtype=np.float64)
        self._loading = 0
        self._overtaken: set[int] = set()
        self.language_codes: dict[str, int] = {}
        self.enabled = False

    def on_connection(self, connected: bool) -> None:
        self.enabled = connected
        self._slots.clear()

    def forget(self) -> None:
        self._slots.clear()

    def invalidate(self, post_id: int) -> None:
        self._slots.pop(post_id, None)
        if self._loading:
            self._overtaken.add(post_id)

    async def places(self, post_ids: Sequence[int]) -> Ints:
        """Of each post its place in the table, -1 where there is none or it is deleted. No waiting until `take`.

        What is missing or too old is loaded, in one call; that something is not there is remembered as well.
        """
        slots = self._slots_of(post_ids)
        stale = (slots < 0) | (self._expires[slots] <= time.monotonic())
        if stale.any():
            await self._load_now(list(compress(post_ids, stale.tolist())))
            slots = self._slots_of(post_ids)
        slots[self._ints[slots, 0] == 0] = -1
        return slots

    async def _load_now(self, post_ids: list[int]) -> None:
        self._loading += 1
        try:
            rows = await self._load(post_ids)
        finally:
            self._loading -= 1
        self._keep(post_ids, rows)
        if not self._loading:
            self._overtaken.clear()

    def authors(self, places: Ints) -> tuple[Ints, Ints]:
        """Of these places (none of them -1) who wrote the post, and whom it answers, 0 for nobody."""
        return self._ints[places, 0], self._ints[places, 1]

    def take(self, places: Ints) -> Facts:
        """The columns of these places (none of them -1), in order."""
        ints, floats = self._ints[places], self._floats[places]
        return Facts(
            author_ids=ints[:, 0],
            reply_to_author_ids=ints[:, 1],
            engagement=floats[:, 0],
            author_posts=floats[:, 1],
            author_engagement=floats[:, 2],
            author_replies=floats[:, 3],
            media=floats[:, 4],
            languages=ints[:, 2],
            hashtags=[self._hashtags[place] for place in places.tolist()],
        )

    def hashtags(self, post_id: int) -> tuple[str, ...]:
        """Those of a post that is in the table; else none."""
        slot = self._slots.get(post_id)
        return () if slot is None else self._hashtags[slot]

    def _slots_of(self, post_ids: Sequence[int]) -> Ints:
        slot_of = self._slots.get
        return np.array([slot_of(post_id, -1) for post_id in post_ids], dtype=np.int64)

    def _keep(self, wanted: list[int], rows: list[Any]) -> None:
        expires = time.monotonic() + MAX_AGE_S if self.enabled else 0.0
        by_id = {row["post_id"]: row for row in rows}
        for post_id in wanted:
            slot = self._slot_for(post_id)
            self._expires[slot] = 0.0 if post_id in self._overtaken else expires
            self._fill(slot, by_id.get(post_id))

    def _slot_for(self, post_id: int) -> int:
        slot = self._slots.get(post_id)
        if slot is None:
            slot, self._next = self._next, (self._next + 1) % self._size
            if self._slots.get(self._post_ids[slot]) == slot:
                del self._slots[self._post_ids[slot]]
            self._slots[post_id] = slot
            self._post_ids[slot] = post_id
        return slot

    def _fill(self, slot: int, row: Any) -> None:
        if row is None or row["deleted"]:
            self._ints[slot] = 0
            self._hashtags[slot] = ()
            return
        self._ints[slot] = row["author_id"], row["reply_to_author_id"], self._language_code(row["lang"])
        engagement = LIKE * row["likes"] + REPOST * row["reposts"] + REPLY * row["replies"] + QUOTE * row["quotes"]
        self._floats[slot] = (
            engagement,
            row["author_posts"],
            row["author_engagement"],
            row["author_replies"],
            row["has_media"],
        )
        self._hashtags[slot] = tuple(row["hashtags"])

    def _language_code(self, lang: str | None) -> int:
        if lang is None or (lang not in self.language_codes and len(self.language_codes) >= LANGUAGES_MAX):
            return 0
        return self.language_codes.setdefault(lang, len(self.language_codes) + 1)
