"""Cursors: what goes in comes out, and nothing else is taken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rookery.kit.ids import MAX_ID
from rookery.kit.paging import before_id, decode_cursor, encode_cursor
from rookery.kit.problems import Invalid


@given(st.lists(st.integers(0, MAX_ID), min_size=1, max_size=3))
def test_round_trip(values: list[int]) -> None:
    assert decode_cursor(encode_cursor(*values), len(values)) == tuple(values)


@given(st.text(max_size=40))
def test_anything_else_is_refused_by_name(text: str) -> None:
    try:
        (value,) = decode_cursor(text)
    except Invalid as problem:
        assert [error.field for error in problem.errors] == ["cursor"]
    else:
        assert 0 <= value <= MAX_ID


@pytest.mark.parametrize("cursor", ["", "AAAA", encode_cursor(1, 2), encode_cursor(-1)])
def test_wrong_length_and_sign_are_refused(cursor: str) -> None:
    with pytest.raises(Invalid):
        decode_cursor(cursor)


def test_no_cursor_is_the_top() -> None:
    assert before_id(None) == MAX_ID
    assert before_id(encode_cursor(5)) == 5
