"""Words of a text, and which of them say nothing by themselves."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

import regex

from rookery.contracts.posts import Post, StoredPost
from rookery.kit.database import Connection

# Those of PostgreSQL's Snowball dictionaries that come with a list of stop words, by ISO 639-1 code.
DICTIONARIES: Final = {
    "da": "danish_stem", "de": "german_stem", "en": "english_stem", "es": "spanish_stem", "fi": "finnish_stem",
    "fr": "french_stem", "hu": "hungarian_stem", "it": "italian_stem", "nl": "dutch_stem", "no": "norwegian_stem",
    "pt": "portuguese_stem", "ru": "russian_stem", "sv": "swedish_stem", "tr": "turkish_stem",
}  # fmt: skip
Written = Post | StoredPost
KNOWN_MAX: Final = 50_000  # words remembered, about 100 bytes each

STOP_WORDS = """
SELECT word, array_agg(lang) AS langs
FROM unnest($1::text[]) AS word, unnest($2::text[], $3::text[]) AS known (lang, dictionary)
WHERE ts_lexize(dictionary::regdictionary, word) = '{}'
GROUP BY word
"""

WORD = regex.compile(r"[\p{L}\p{N}\p{M}]+(?:['’\-][\p{L}\p{N}\p{M}]+)*")
# Scripts that set no spaces between words.
UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")


class StopWords:
    """Stop words of 14 languages, as PostgreSQL knows them; asked for once per word."""

    def __init__(self) -> None:
        self._langs: dict[str, frozenset[str]] = {}

    async def learn(self, connection: Connection, words: Iterable[str]) -> None:
        """Look up what is not known yet: one statement, or none."""
        unknown = sorted(set(words) - self._langs.keys())
        if not unknown:
            return
        if len(self._langs) + len(unknown) > KNOWN_MAX:
            self._langs.clear()
        found: list[Any] = await connection.fetch(STOP_WORDS, unknown, list(DICTIONARIES), list(DICTIONARIES.values()))
        self._langs.update(dict.fromkeys(unknown, frozenset()))
        self._langs.update({row["word"]: frozenset(row["langs"]) for row in found})

    def has(self, word: str, lang: str | None) -> bool:
        """Whether a word, in lower case, is one of its language; of any where that is not among the known."""
        langs = self._langs.get(word, frozenset())
        return lang in langs if lang in DICTIONARIES else bool(langs)


def plain_text(post: Written) -> str:
    """The text of a post with a full stop in place of each mention, hashtag, cashtag and link."""
    content, entities = post.content, post.entities
    spans = [(each.start, each.end) for each in entities.mentions]
    spans += [(each.start, each.end) for each in entities.hashtags]
    spans += [(each.start, each.end) for each in entities.cashtags]
    spans += [(each.start, each.end) for each in entities.urls]
    pieces = []
    position = 0
    for start, end in sorted(spans):
        pieces += [content[position:start], " . "]
        position = max(position, end)
    return "".join([*pieces, content[position:]])


def runs(text: str) -> Iterator[list[str]]:
    """Words as written, in stretches with nothing but blanks in between."""
    run: list[str] = []
    end = 0
    for match in WORD.finditer(text):
        gap = text[end : match.start()]
        if run and (gap.strip() or "\n" in gap):
            yield run
            run = []
        run.append(match[0])
        end = match.end()
    if run:
        yield run
