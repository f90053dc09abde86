"""Sorted arrays of ids do what sets do."""

from hypothesis import given
from hypothesis import strategies as st

from rookery.gateway.stream.ids import add, discard, holds, ids_of

ids = st.integers(0, 2**63 - 1) | st.integers(0, 5)


@given(st.sets(ids), st.lists(st.tuples(st.booleans(), ids)))
def test_they_are_sets(begun: set[int], changes: list[tuple[bool, int]]) -> None:
    kept = ids_of(begun)
    for added, value in changes:
        assert holds(kept, value) is (value in begun)
        (add if added else discard)(kept, value)
        (begun.add if added else begun.discard)(value)
        assert list(kept) == sorted(begun)
