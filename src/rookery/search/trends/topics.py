"""What a post speaks of: its hashtags, its links, and phrases of two or three words that say something."""

from collections.abc import Iterator
from typing import Final, Literal

from msgspec import Struct

from rookery.search.trends.folding import fold, fold_link
from rookery.search.trends.words import UNSPACED, StopWords, Written, plain_text, runs

Kind = Literal["hashtag", "link", "phrase"]

HASHTAGS_MAX: Final = 10
LINKS_MAX: Final = 5
PHRASES_MAX: Final = 40
PHRASE_LENGTH_MAX: Final = 60
UNKNOWN_LANGUAGE: Final = "und"  # ISO 639-2


class Topic(Struct, frozen=True):
    """`key` is what it is counted by, `name` how the post writes it."""

    key: str
    kind: Kind
    name: str


def topics_of(post: Written, stop_words: StopWords) -> list[Topic]:
    """Each topic once; a hashtag stands for the phrase that reads the same. The words of the post must be learnt."""
    tags = [hashtag.tag for hashtag in post.entities.hashtags][:HASHTAGS_MAX]
    urls = [url.url for url in post.entities.urls][:LINKS_MAX]
    phrases = list(dict.fromkeys(_phrases(post, stop_words)))[:PHRASES_MAX]
    found: dict[str, Topic] = {}
    for key, kind, name in (
        *((fold(tag), "hashtag", tag) for tag in tags),
        *((fold_link(url), "link", url) for url in urls),
        *((fold(phrase), "phrase", phrase) for phrase in phrases),
    ):
        if key:
            found.setdefault(key, Topic(key, kind, name))  # type: ignore[arg-type]
    return list(found.values())


def words_of(post: Written) -> set[str]:
    """All words outside of entities, in lower case."""
    return {word.lower() for run in runs(plain_text(post)) for word in run}


def _phrases(post: Written, stop_words: StopWords) -> Iterator[str]:
    for run in runs(plain_text(post)):
        for start in range(len(run)):
            for length in (2, 3):
                words = run[start : start + length]
                if len(words) == length and all(_says_something(word, post.lang, stop_words) for word in words):
                    phrase = " ".join(words)
                    if len(phrase) <= PHRASE_LENGTH_MAX and not phrase.replace(" ", "").isdigit():
                        yield phrase


def _says_something(word: str, lang: str | None, stop_words: StopWords) -> bool:
    return len(word) > 1 and not UNSPACED.search(word) and not stop_words.has(word.lower(), lang)
