"""Mentions, hashtags and cashtags of a text, and all entities together.

Each finder is one pass of one expression without backtracking, skipped when its sign does not occur: most posts cost
four searches for a character. A match takes the characters it needs before it along, as twitter-text's expressions do;
the finders remember where the last one ended.
"""

import re
from typing import NamedTuple

import msgspec
import regex

from rookery.kit.text import alphabet
from rookery.kit.text.urls import Url, find_urls

_MENTION = re.compile(r"[@\uff20]([A-Za-z0-9_]{1,20})(/[A-Za-z][A-Za-z0-9_\-]{0,24})?")
_BEFORE_MENTION = re.compile(r"[^a-zA-Z0-9_!#$%&*@\uff20]")
_BEFORE_RETWEET = re.compile(r"[^a-zA-Z0-9_+~.\-]")
_NO_MENTION_BEFORE = re.compile(rf"[@\uff20{alphabet.LATIN_ACCENTS}]|://")
_REPLY = re.compile(rf"[{alphabet.SPACES}]*[@\uff20]([A-Za-z0-9_]{{1,20}})")

_HASHTAG = regex.compile(rf"[#\uff03](?![\ufe0f\u20e3])([{alphabet.HASHTAG_CHARACTER}]++)")
_HASHTAG_LETTER = regex.compile(rf"[{alphabet.HASHTAG_LETTER}]")
_NO_HASHTAG_AFTER = regex.compile(rf"(?![\ufe0e\ufe0f])[{alphabet.HASHTAG_CHARACTER}&]")
_NO_HASHTAG_BEFORE = re.compile(r"[#\uff03]|://")

_CASHTAG = re.compile(
    rf"(?<![^{alphabet.SPACES}])\$([A-Za-z]{{1,6}}(?:[._][A-Za-z]{{1,2}})?)"
    rf"(?=\Z|[{alphabet.SPACES}\ufeff{alphabet.PUNCTUATION}])"
)


class Mention(msgspec.Struct, frozen=True):
    """`@username`; the span takes the sign in. Whether such an account exists is another question."""

    username: str
    start: int
    end: int


class Hashtag(msgspec.Struct, frozen=True):
    """`#tag`; the span takes the sign in. The tag is as written, not folded."""

    tag: str
    start: int
    end: int


class Cashtag(msgspec.Struct, frozen=True):
    """`$SYMBOL`; the span takes the sign in. The symbol is as written, not folded."""

    symbol: str
    start: int
    end: int


class Entities(msgspec.Struct, frozen=True):
    """What a text refers to, each list in order of `start`, no two spans overlapping across all four."""

    mentions: list[Mention] = []
    hashtags: list[Hashtag] = []
    cashtags: list[Cashtag] = []
    urls: list[Url] = []


class MentionOrList(NamedTuple):
    """`@username`, or `@username/slug` with `slug` as "/slug"; `slug` is empty for a plain mention."""

    username: str
    slug: str
    start: int
    end: int


_Found = Url | MentionOrList | Hashtag | Cashtag


def extract(text: str) -> Entities:
    """Everything a text refers to. Pass what `normalise` returned: spans are code points of the string given.

    Where two entities would overlap, the one that starts first stands. `@user/list` is no mention, but it covers what
    is inside it.
    """
    found: list[_Found] = []
    if "." in text:
        found += find_urls(text)
    if "@" in text or "\uff20" in text:
        found += find_mentions_or_lists(text)
    if "#" in text or "\uff03" in text:
        found += find_hashtags(text)
    if "$" in text:
        found += find_cashtags(text)
    return _sorted_out(found)


def _sorted_out(found: list[_Found]) -> Entities:
    """Each entity into its list, in order of `start`, less those that an earlier one covers."""
    entities = Entities()
    covered = 0
    for one in sorted(found, key=lambda entity: entity.start):
        if one.start < covered:
            continue
        covered = one.end
        match one:
            case Url():
                entities.urls.append(one)
            case Hashtag():
                entities.hashtags.append(one)
            case Cashtag():
                entities.cashtags.append(one)
            case MentionOrList(slug=""):
                entities.mentions.append(Mention(one.username, one.start, one.end))
    return entities


def find_mentions_or_lists(text: str) -> list[MentionOrList]:
    """All `@username` and `@username/list`; of a longer name the first 20 characters, as twitter-text has it."""
    found = []
    consumed = 0
    for match in _MENTION.finditer(text):
        if not _may_mention_at(text, match.start(), consumed):
            continue
        consumed = match.end()
        if _NO_MENTION_BEFORE.match(text, consumed) is None:
            found.append(MentionOrList(match[1], match[2] or "", match.start(), consumed))
    return found


def _may_mention_at(text: str, start: int, consumed: int) -> bool:
    """Whether a mention may begin here: not inside an e-mail address or a word, but right after "RT" it may."""
    if start == 0 or (start > consumed and _BEFORE_MENTION.match(text, start - 1)):
        return True
    retweet = start - 2
    if retweet < consumed or text[retweet:start].lower() != "rt":
        return False
    return retweet == 0 or (retweet > consumed and _BEFORE_RETWEET.match(text, retweet - 1) is not None)


def find_hashtags(text: str) -> list[Hashtag]:
    """All `#tag` with at least one letter; those inside of links too, which `extract` drops."""
    found = []
    consumed = 0
    for match in _HASHTAG.finditer(text):
        start, end = match.span()
        if start and (start == consumed or _NO_HASHTAG_AFTER.match(text, start - 1)):
            continue
        if _HASHTAG_LETTER.search(match[1]) is None:
            continue
        consumed = end
        if _NO_HASHTAG_BEFORE.match(text, end) is None:
            found.append(Hashtag(match[1], start, end))
    return found


def find_cashtags(text: str) -> list[Cashtag]:
    """All `$SYMBOL` of one to six letters, and a suffix of one or two after a dot or an underscore."""
    return [Cashtag(match[1], *match.span()) for match in _CASHTAG.finditer(text)]


def reply_username(text: str) -> str | None:
    """The account that a text opens with, as replies did before they carried an id; None when it opens otherwise."""
    match = _REPLY.match(text)
    if match is None or _NO_MENTION_BEFORE.match(text, match.end()) is not None:
        return None
    return match[1]
