"""Weighted length: what a text counts against the limit of a post.

Counting follows twitter-text's configuration 3: Latin and most alphabets count one, all else two, a link 23 whatever
its length, an emoji two however many code points it is joined of. Which sequences are one emoji is Unicode's list
(RGI), from the `emoji` package; a made-up chain of joiners counts by its parts, so no text can be smuggled in it.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

import msgspec

from rookery.kit.text.urls import find_urls
from rookery.kit.text.validation import INVALID_CHARACTER

_CARRIAGE_RETURN = re.compile(r"\r\n?")
# The code points that count one: 0-4351, and of General Punctuation spaces, dashes, quotation marks and primes.
_LIGHT = re.compile(r"[\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")


class Counting(msgspec.Struct, frozen=True):
    """How to weigh. Weights are in units of 1/`scale`; `max_length` is in whole units, like the results."""

    max_length: int = 280
    scale: int = 100
    light_weight: int = 100
    default_weight: int = 200
    url_length: int = 23
    emoji_as_one: bool = True


COUNTING_V3 = Counting()
COUNTING_V2 = Counting(emoji_as_one=False)
COUNTING_V1 = Counting(max_length=140, scale=1, light_weight=1, default_weight=1, emoji_as_one=False)


class ParseResult(msgspec.Struct, frozen=True):
    """A text against the limit.

    The ranges are twitter-text's: code points of the text as passed in, both ends inclusive. The valid range ends where
    the limit is reached or an invalid character stands. `permillage` is the share of the limit in thousandths, above
    1000 when it is broken.
    """

    weighted_length: int
    valid: bool
    permillage: int
    display_range_start: int
    display_range_end: int
    valid_range_start: int
    valid_range_end: int


class _Piece(msgspec.Struct, frozen=True):
    """A link or an emoji that is counted as one: `weight` instead of the weights of its characters."""

    start: int
    end: int
    weight: int


def normalise(text: str) -> str:
    """The form that is stored and counted: Unicode NFC, lines ended by a newline alone. Idempotent."""
    if "\r" in text:
        text = _CARRIAGE_RETURN.sub("\n", text)
    return unicodedata.normalize("NFC", text)


def weighted_length(text: str) -> int:
    """What a text counts, in characters of the limit of 280; the text is normalised first."""
    text = normalise(text)
    return _weight(text, _pieces(text, COUNTING_V3), COUNTING_V3) // COUNTING_V3.scale


def parse(text: str, counting: Counting = COUNTING_V3) -> ParseResult:
    """Length, validity and ranges of a text; an empty one is not valid."""
    normalised = normalise(text)
    pieces = _pieces(normalised, counting)
    length = _weight(normalised, pieces, counting) // counting.scale
    invalid = INVALID_CHARACTER.search(normalised)
    valid = invalid is None and 0 < length <= counting.max_length
    last = len(normalised) - 1 if valid else _last_valid(normalised, pieces, counting)
    return ParseResult(
        weighted_length=length,
        valid=valid,
        permillage=length * 1000 // counting.max_length,
        display_range_start=0,
        display_range_end=max(0, len(text) - 1),
        valid_range_start=0,
        valid_range_end=last + len(text) - len(normalised),
    )


def _weight(text: str, pieces: list[_Piece], counting: Counting) -> int:
    """The weight of a text in units of 1/scale; linear, and without a step per character."""
    weight = _plain_weight(text, counting)
    for piece in pieces:
        weight += piece.weight - _plain_weight(text[piece.start : piece.end], counting)
    return weight


def _plain_weight(text: str, counting: Counting) -> int:
    if text.isascii():
        return len(text) * counting.light_weight
    heavy = len(_LIGHT.sub("", text))
    return heavy * counting.default_weight + (len(text) - heavy) * counting.light_weight


def _last_valid(text: str, pieces: list[_Piece], counting: Counting) -> int:
    """The last index up to which the text is within the limit and free of invalid characters; 0 when there is none."""
    budget = counting.max_length * counting.scale
    last = 0
    for start, end, weight in _units(text, pieces, counting):
        budget -= weight
        if budget < 0 or INVALID_CHARACTER.match(text, start):
            return last
        last = end - 1
    return last


def _units(text: str, pieces: list[_Piece], counting: Counting) -> Iterator[tuple[int, int, int]]:
    """Start, end and weight of each character, link or emoji, in order."""
    position = 0
    for piece in pieces:
        for index in range(position, piece.start):
            yield index, index + 1, _plain_weight(text[index], counting)
        yield piece.start, piece.end, piece.weight
        position = piece.end
    for index in range(position, len(text)):
        yield index, index + 1, _plain_weight(text[index], counting)


def _pieces(text: str, counting: Counting) -> list[_Piece]:
    """Links and emoji that count as one, in order; what starts within an earlier piece is part of it."""
    pieces = []
    if "." in text:
        url_weight = counting.url_length * counting.scale
        pieces = [_Piece(url.start, url.end, url_weight) for url in find_urls(text)]
    if not counting.emoji_as_one or text.isascii():
        return pieces
    emoji = [_Piece(start, end, counting.default_weight) for start, end in _emoji_sequences(text)]
    return _in_order(pieces, emoji) if pieces and emoji else pieces or emoji


def _in_order(urls: list[_Piece], emoji: list[_Piece]) -> list[_Piece]:
    merged: list[_Piece] = []
    for piece in sorted([*urls, *emoji], key=lambda piece: piece.start):
        if not merged or piece.start >= merged[-1].end:
            merged.append(piece)
    return merged


def _emoji_sequences(text: str) -> list[tuple[int, int]]:
    """Spans of the emoji that are more than one code point; the others weigh what their character weighs."""
    sequences, lengths, candidate = _emoji_table()
    spans: list[tuple[int, int]] = []
    position = 0
    while (match := candidate.search(text, position)) is not None:
        start = position = match.start()
        for length in lengths[text[start]]:
            if text[start : start + length] in sequences:
                position = start + length
                spans.append((start, position))
                break
        else:
            position += 1
    return spans


@cache
def _emoji_table() -> tuple[frozenset[str], dict[str, tuple[int, ...]], re.Pattern[str]]:
    """All emoji sequences, their lengths by first character (longest first), and where to look for one.

    Read at first use: it costs about 25 ms and is needed only by texts that are not ASCII.
    """
    from emoji import EMOJI_DATA

    sequences = frozenset(sequence for sequence in EMOJI_DATA if len(sequence) > 1)
    lengths: dict[str, set[int]] = {}
    for sequence in sequences:
        lengths.setdefault(sequence[0], set()).add(len(sequence))
    first = "".join(sorted(lengths))
    second = "".join(sorted({sequence[1] for sequence in sequences}))
    candidate = re.compile(f"[{re.escape(first)}](?=[{re.escape(second)}])")
    return sequences, {key: tuple(sorted(value, reverse=True)) for key, value in lengths.items()}, candidate
