"""The terms of a post, for the vector-space model: words that may say something, and hashtags."""

from collections.abc import Iterator
from typing import Final

from rookery.search.analysis import Token, tokens
from rookery.search.trends.folding import fold
from rookery.search.trends.words import StopWords, Written, plain_text

TERMS_MAX: Final = 60  # of a post
LENGTH_MAX: Final = 40


def terms_of(post: Written, stop_words: StopWords) -> list[str]:
    """Each once, folded; hashtags first. The words of the post (`words_of`) must be learnt.

    Scripts without spaces between words give pairs of neighbouring characters, as in search.
    """
    tags = (fold(hashtag.tag) for hashtag in post.entities.hashtags)
    words = (token.exact for token in _words(post) if not stop_words.has(token.text, post.lang))
    return [term for term in dict.fromkeys([*tags, *words]) if term and len(term) <= LENGTH_MAX][:TERMS_MAX]


def words_of(post: Written) -> set[str]:
    """All words outside of entities, in lower case."""
    return {token.text for token in _words(post)}


def _words(post: Written) -> Iterator[Token]:
    for token in tokens(plain_text(post)):
        if not token.single and len(token.exact) > 1 and not token.exact.isdigit():
            yield token
