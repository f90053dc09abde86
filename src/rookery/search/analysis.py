"""From text to what is indexed and looked up: one analysis for posts, queries and highlights.

A token is a word, an emoji, or, in scripts that put no spaces between words (and in Korean, whose words carry
particles), each pair of neighbouring characters: searching three characters looks for two pairs side by side. The last
character of such a run stands alone too, so that every character begins a token and one character can be looked for.

A token is indexed in its exact form and in its stem, both at the same place: Snowball's stemmers are those of
PostgreSQL's text search, here by PyStemmer, since PostgreSQL's parser knows no CJK, takes all that is not ASCII for
letters under our locale, and tells no positions to highlight. Case and accents are folded in both forms. There are no
stop words: "to be or not to be" is found.
"""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

import regex
import Stemmer

TOKEN_LENGTH_MAX: Final = 64  # code points; beyond, a word is cut, in posts and queries alike

ALGORITHMS: Final = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish", "fr": "french", "ga": "irish",
    "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian",
    "ne": "nepali", "nl": "dutch", "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian",
    "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
}  # fmt: skip
_STEMMERS = {language: Stemmer.Stemmer(name, 0) for language, name in ALGORITHMS.items()}

# Which stemmers may know a word whose language nobody said, by the script of its first letter.
_BY_SCRIPT: Final = (
    (regex.compile(r"\p{Latin}"), ("ca", "cs", "da", "de", "en", "es", "et", "eu", "fi", "fr", "ga", "hu", "id", "it",
                                   "lt", "nl", "no", "pl", "pt", "ro", "sv", "tr")),
    (regex.compile(r"\p{Cyrillic}"), ("ru", "sr")),
    (regex.compile(r"\p{Arabic}"), ("ar", "fa")),
    (regex.compile(r"\p{Devanagari}"), ("hi", "ne")),
    (regex.compile(r"\p{Greek}"), ("el",)),
    (regex.compile(r"\p{Tamil}"), ("ta",)),
    (regex.compile(r"\p{Armenian}"), ("hy",)),
)  # fmt: skip

_SPACELESS = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー"
_RUN = regex.compile(
    rf"(?P<pairs>[{_SPACELESS}]+)|(?P<word>[[\p{{L}}\p{{N}}\p{{M}}_]--[{_SPACELESS}]]+)|(?P<emoji>\p{{Extended_Pictographic}})",
    regex.V1,
)
# Marks that fold away: Latin, Greek and Cyrillic accents; Hebrew points; Arabic vowels.
_MARKS = regex.compile(r"[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]+")
_LETTERS_WITHOUT_PARTS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)


class Token(NamedTuple):
    """`text` is folded for case only, `exact` for accents too. `start` and `end` are code points of the text given.

    `position` counts from 1; neighbours have neighbouring positions. `single`: the last character of a run, alone.
    """

    text: str
    exact: str
    start: int
    end: int
    position: int
    paired: bool = False
    single: bool = False


def fold(text: str) -> str:
    """Without regard to case, width and accents."""
    if text.isascii():
        return text.lower()
    # Decomposed before, too: what only looks otherwise, such as mathematical letters, has its case behind that.
    folded = unicodedata.normalize("NFKD", text).casefold()
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", folded)).translate(_LETTERS_WITHOUT_PARTS)
    return unicodedata.normalize("NFC", bare)


def tokens(text: str) -> list[Token]:
    """The tokens of a text in order."""
    found: list[Token] = []
    for match in _RUN.finditer(text):
        position = len(found) + 1
        if match["pairs"]:
            found += _pairs(match[0], match.start(), position)
            continue
        word = match[0][:TOKEN_LENGTH_MAX].casefold()
        if exact := fold(word):
            found.append(Token(word, exact, match.start(), match.end(), position))
    return found


def _pairs(run: str, start: int, position: int) -> Iterator[Token]:
    folded = fold(run)
    if len(folded) != len(run):  # decomposed or half-width letters: each stands for the whole run
        spans = [(start, start + len(run))] * len(folded)
    else:
        spans = [(start + n, start + n + 1) for n in range(len(run))]
    for n, character in enumerate(folded):
        pair = folded[n : n + 2]
        alone = len(pair) == 1
        end = spans[n][1] if alone else spans[n + 1][1]
        text = character if alone else pair
        yield Token(text, text, spans[n][0], end, position + n, paired=True, single=alone)


@lru_cache(50_000)
def stem(word: str, language: str | None) -> str | None:
    """The folded stem of a word (folded for case), None where the language has no stemmer."""
    stemmer = _STEMMERS.get(language or "")
    return None if stemmer is None else fold(stemmer.stemWord(word))


@lru_cache(10_000)
def forms(word: str, language: str | None) -> tuple[str, ...]:
    """What a post may hold for a word of a query: the exact form first, then its stems, in any language or in one."""
    languages = _languages_of(word) if language is None else (language,)
    stems = (stem(word, each) for each in languages)
    return tuple(dict.fromkeys(form for form in (fold(word), *stems) if form))


def _languages_of(word: str) -> tuple[str, ...]:
    return next((languages for script, languages in _BY_SCRIPT if script.match(word)), ())
