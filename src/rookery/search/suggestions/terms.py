"""The terms of a post, for the vector-space model: words that may say something, and hashtags."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from rookery.contracts.posts import Post
from rookery.search.trends.folding import fold
from rookery.search.trends.words import UNSPACED, StopWords, runs, without_entities

TERMS_MAX: Final = 60  # of a post
LENGTH_MAX: Final = 40


def terms_of(post: Post, stop_words: StopWords) -> list[str]:
    """Each once, folded; hashtags first. The words of the post (`words_of`) must be learnt.

    Scripts without spaces between words give pairs of neighbouring characters.
    """
    tags = (fold(hashtag.tag) for hashtag in post.entities.hashtags)
    words = (
        term
        for run in runs(without_entities(post.content, post.entities))
        for word in run
        for term in _terms(word, post.lang, stop_words)
    )
    return [term for term in dict.fromkeys([*tags, *words]) if term and len(term) <= LENGTH_MAX][:TERMS_MAX]


def _terms(word: str, lang: str | None, stop_words: StopWords) -> Iterator[str]:
    if UNSPACED.search(word):
        yield from (one + other for one, other in pairwise(word))
    elif len(word) > 1 and not word.isdigit() and not stop_words.has(word.lower(), lang):
        yield fold(word)
