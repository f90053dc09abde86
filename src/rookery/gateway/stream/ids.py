"""Sets of ids in eight bytes for each: sorted arrays. A `set` takes 50 to 100, and the index of readers holds millions.

Finding takes a binary search; adding and discarding move what lies behind, some microseconds for ten thousand ids.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from typing import TypeAlias

Ids: TypeAlias = "array[int]"


def ids_of(values: Iterable[int]) -> Ids:
    """Of distinct values."""
    return array("q", sorted(values))


def holds(ids: Ids, value: int) -> bool:
    place = bisect_left(ids, value)
    return place < len(ids) and ids[place] == value


def add(ids: Ids, value: int) -> None:
    place = bisect_left(ids, value)
    if place == len(ids) or ids[place] != value:
        ids.insert(place, value)


def discard(ids: Ids, value: int) -> None:
    place = bisect_left(ids, value)
    if place < len(ids) and ids[place] == value:
        del ids[place]
