"""Who is active: the readers that have a cached timeline, as a process that fans out needs to know them.

Of an author's million followers only the active ones are worth a key in a command. Valkey knows them by their keys;
here they stand in a Bloom filter (Burton H. Bloom, "Space/time trade-offs in hash coding with allowable errors", CACM
1970) with two probes and one byte a place, so that thousands of followers are looked up at once. Who is in it by
mistake costs a key that is not there. Who is missing would miss posts, and that cannot be:

    Every start of a timeline is published by the script that makes the key, and publications and replies come in the
    order of execution over one connection (`rookery.kit.cache`). Before a post is fanned out, `catch_up` makes a round
    trip: it has brought everybody whose timeline was started before the post could be read from the log. Timelines of
    before we listened are found by SCAN, which returns each key that is there from its beginning to its end.

Nobody is ever taken out: once the visits that were in vain have cost as much as another SCAN, there is one.
"""

import asyncio
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rookery.kit.cache import Cache, CacheUnavailable
from rookery.timelines.store import STARTED, TimelineStore

PLACES_EACH: Final = 8  # 8 to 32 bytes for each active reader; of the inactive ones one in 20 to 70 is in by mistake
READERS_MIN: Final = 10_000
PROBES: Final = (0x9E37_79B9_7F4A_7C15, 0xC2B2_AE3D_27D4_EB4F)  # odd: Fibonacci hashing (Knuth, vol. 3, 6.4), twice

Ids = NDArray[np.int64]


class ActiveReaders:
    """For who fans out. Until the first `catch_up`, nothing is kept."""

    def __init__(self, cache: Cache, store: TimelineStore) -> None:
        self._cache = cache
        self._store = store
        self._filter: ReaderFilter | None = None
        self._started: list[int] | None = None  # while a scan is under way
        self._loading = asyncio.Lock()
        cache.subscribe(STARTED, self._on_started)
        cache.on_connection(self._on_connection)

    async def catch_up(self) -> None:
        """Hear of every timeline that was started before this call. One round trip, now and then a scan of all keys.

        Raises CacheUnavailable.
        """
        async with self._loading:
            known = self._filter
            if known is None or known.is_worn:
                await self._load()
            else:
                await self._cache.execute("PING")

    def among(self, reader_ids: Ids) -> Ids:
        """Those that may be active, as of the last `catch_up`; all of them when the connection was lost since."""
        return reader_ids if self._filter is None else reader_ids[self._filter.has(reader_ids)]

    def tried_in_vain(self, count: int) -> None:
        """So many that `among` named had no timeline to extend."""
        if self._filter is not None:
            self._filter.in_vain += count

    async def _load(self) -> None:
        started = self._started = []
        try:
            readers = [some async for some in self._store.readers()]
            if self._started is not started:
                raise CacheUnavailable("the connection to Valkey broke during a scan")
            self._filter = ReaderFilter(np.concatenate([*readers, np.array(started, dtype=np.int64)]))
        finally:
            self._started = None

    def _on_started(self, message: bytes) -> None:
        if self._started is not None:
            self._started.append(int(message))
        if self._filter is not None:
            self._filter.add(np.array([int(message)], dtype=np.int64))

    def _on_connection(self, _: bool) -> None:
        self._filter = self._started = None


class ReaderFilter:
    """Answers "may be in" or "is not in", for twice as many as it began with, and at least READERS_MIN."""

    def __init__(self, reader_ids: Ids) -> None:
        self._room = 2 * max(len(reader_ids), READERS_MIN)
        bits = (self._room * PLACES_EACH - 1).bit_length()
        self._shift = np.uint64(64 - bits)
        self._places = np.zeros(1 << bits, dtype=np.bool_)
        self._count = 0
        self.in_vain = 0
        self.add(reader_ids)

    @property
    def is_worn(self) -> bool:
        """Whether it is full, or was wrong as often as it has entries."""
        return self._count > self._room or self.in_vain > max(self._count, READERS_MIN)

    def add(self, reader_ids: Ids) -> None:
        for probe in PROBES:
            self._places[self._at(reader_ids, probe)] = True
        self._count += len(reader_ids)

    def has(self, reader_ids: Ids) -> NDArray[np.bool_]:
        found = np.ones(len(reader_ids), dtype=np.bool_)
        for probe in PROBES:
            found &= self._places[self._at(reader_ids, probe)]
        return found

    def _at(self, reader_ids: Ids, probe: int) -> NDArray[np.uint64]:
        places: NDArray[np.uint64] = reader_ids.astype(np.uint64) * np.uint64(probe) >> self._shift
        return places
