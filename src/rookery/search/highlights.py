"""What of a post's content was looked for, and the part of it to show where there is little room."""

from collections.abc import Sequence
from typing import Final

from rookery.contracts.posts import Post
from rookery.search.analysis import Token, stem, tokens
from rookery.search.matching import Document, Words
from rookery.search.schemas import Range

SNIPPET_LENGTH: Final = 160  # code points
BEFORE_FIRST: Final = 40


def highlights_of(post: Post, words: Sequence[Words]) -> list[Range]:
    """In order, without overlaps."""
    found = tokens(post.content)
    at = {token.position: token for token in found}
    document = Document(_places(found, post.lang), frozenset())
    spans: list[tuple[int, int]] = []
    for sequence in words:
        length = sum(step.distance for step in sequence.steps)
        for end in sequence.ends(document):
            spans.append((at[end - length].start, at[end].end))
    return _merged(spans)


def snippet_of(content: str, highlights: Sequence[Range]) -> Range:
    """At most SNIPPET_LENGTH of the content, from the beginning of a word, with the first highlight in it."""
    if len(content) <= SNIPPET_LENGTH:
        return Range(0, len(content))
    start = max(0, (highlights[0].start if highlights else 0) - BEFORE_FIRST)
    start = min(start, len(content) - SNIPPET_LENGTH)
    if start:
        space = content.find(" ", start, start + BEFORE_FIRST)
        start = space + 1 if 0 <= space < (highlights[0].start if highlights else 0) else start
    return Range(start, min(len(content), start + SNIPPET_LENGTH))


def _places(found: Sequence[Token], language: str | None) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for token in found:
        for form in {token.exact, stem(token.text, language) or token.exact}:
            places.setdefault(form, []).append(token.position)
    return places


def _merged(spans: list[tuple[int, int]]) -> list[Range]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return [Range(start, end) for start, end in merged]
