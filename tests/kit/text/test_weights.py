"""Counting beyond the vectors: line ends, emoji that are none, invalid characters, ranges."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rookery.kit.text import normalise, parse, weighted_length
from rookery.kit.text.weights import COUNTING_V2
from tests.kit.text.test_entities import texts


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("ascii 123 #", 11),
        ("é", 1),
        ("語", 2),
        ("https://example.com/" + "a" * 500, 23),
        ("👍🏽", 2),
        ("☺\ufe0f", 2),
        ("🇩🇪", 2),
        ("©", 1),
        ("©\ufe0f", 2),
        ("1\ufe0f\u20e3", 2),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", 2),
        ("👩\u200d💻.com", 6),
        ("语a.com\n👍🏽", 28),
    ],
)
def test_length(text: str, length: int) -> None:
    assert weighted_length(text) == parse(text).weighted_length == length


def test_a_made_up_chain_of_joiners_counts_by_its_parts() -> None:
    chain = "\u200d".join(["👩"] * 50)
    assert weighted_length(chain) == 50 * 2 + 49


def test_lines_end_by_a_newline_alone() -> None:
    assert normalise("a\r\nb\rc\nd") == "a\nb\nc\nd"
    assert weighted_length("a\r\nb") == 3


@given(st.text() | texts)
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)


def test_the_limit_is_280() -> None:
    assert parse("a" * 280).valid
    over = parse("a" * 281)
    assert (over.valid, over.permillage, over.valid_range_end, over.display_range_end) == (False, 1003, 279, 280)


def test_a_link_or_an_emoji_is_not_cut_by_the_valid_range() -> None:
    assert parse("a" * 258 + " example.com").valid_range_end == 258
    assert parse("a" * 279 + "👍🏽").valid_range_end == 278


def test_nothing_before_an_invalid_character_at_the_start() -> None:
    result = parse("\x00abc")
    assert (result.valid, result.weighted_length, result.valid_range_end) == (False, 4, 0)


def test_an_empty_text_is_not_valid() -> None:
    assert parse("") == parse("", COUNTING_V2)
    assert not parse("").valid
    assert (parse("").valid_range_end, parse("").display_range_end) == (0, 0)


@given(texts)
def test_parse_agrees_with_itself(text: str) -> None:
    result = parse(text)
    assert result.weighted_length == weighted_length(text)
    assert result.permillage == result.weighted_length * 1000 // 280
    assert 0 <= result.valid_range_end <= result.display_range_end
    if result.valid:
        assert result.valid_range_end == len(text) - 1
