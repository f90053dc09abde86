"""A ranking's places, kept so that following pages go on with it: in Valkey, a while, and never the only truth.

    key      fy:{<reader id>}:<slot>    SLOTS of them, so that a reader's devices do not take each other's rankings away
    value    when the ranking was made (Unix ms) and the offset of the first record, each 8 bytes little-endian; records

A record is RECORD: post, author, source, who vouches (at most 3, and how many), which of the post's hashtags brought
it, score, the strongest signals and their shares. 60 bytes a place, KEPT places, gone after TTL_S: 18 KB a ranking.

Whatever is lost (a flush, the end of the kept places) is ranked again for the time when the ranking was made.
"""

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rookery.kit.cache import Cache
from rookery.timelines.ranking.explaining import SIGNALS_SHOWN

TTL_S: Final = 1800
KEPT: Final = 300
SLOTS: Final = 3
VIA_SHOWN: Final = 3

RECORD: Final = np.dtype(
    [
        ("post_id", "<i8"),
        ("author_id", "<i8"),
        ("via", "<i8", (VIA_SHOWN,)),
        ("via_count", "<u4"),
        ("score", "<f4"),
        ("source", "u1"),
        ("hashtag", "i1"),
        ("signals", "u1", (SIGNALS_SHOWN,)),
        ("shares", "i1", (SIGNALS_SHOWN,)),
    ]
)
HEAD: Final = np.dtype([("at_ms", "<i8"), ("offset", "<i8")])

Records = NDArray[Any]  # one dimension of RECORD


class Place(NamedTuple):
    """A record as Python has it, field by field."""

    post_id: int
    author_id: int
    via: list[int]
    via_count: int
    score: float
    source: int
    hashtag: int
    signals: list[int]
    shares: list[int]


class Snapshots:
    """Every method is one round trip; raises CacheError while Valkey is away."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    async def write(self, reader_id: int, at_ms: int, offset: int, records: Records) -> None:
        """Keep the first KEPT of the places from `offset` on."""
        head = np.array([(at_ms, offset)], dtype=HEAD)
        await self._cache.execute("SET", _key(reader_id, at_ms), head.tobytes() + records[:KEPT].tobytes(), "EX", TTL_S)

    async def read(self, reader_id: int, at_ms: int, offset: int) -> Records | None:
        """The places from `offset` on of the ranking made at `at_ms`; None when it is gone or does not reach there."""
        value = await self._cache.execute("GET", _key(reader_id, at_ms))
        if value is None:
            return None
        head = np.frombuffer(value, dtype=HEAD, count=1)[0]
        records = np.frombuffer(value, dtype=RECORD, offset=HEAD.itemsize)
        skipped = offset - int(head["offset"])
        if head["at_ms"] != at_ms or not 0 <= skipped < len(records):
            return None
        return records[skipped:]


def _key(reader_id: int, at_ms: int) -> str:
    return f"fy:{{{reader_id}}}:{at_ms % SLOTS}"
