"""Names made comparable: all spellings of a topic have one key, by which it is counted, and hidden for good."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

import regex

from rookery.search import analysis

LINK_LENGTH_MAX: Final = 500

_NOT_NAMES = regex.compile(r"[^\p{L}\p{M}\p{N}]+")
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|dclid|msclkid|igshid|mc_[ce]id|ref_src", re.IGNORECASE)


def fold(name: str) -> str:
    """A hashtag or phrase without case, diacritics, width, spaces and signs: `#Café au-lait` is `cafeaulait`.

    Marks that make other letters, as in Devanagari or Kana, stay. Empty for what has neither letters nor digits.
    """
    return _NOT_NAMES.sub("", analysis.fold(name))


def fold_link(url: str) -> str:
    """A link as host, path and query: `HTTPS://www.Example.org/a/?utm_source=x#top` is `example.org/a`.

    Without scheme, `www.`, fragment, closing slash and what only tells who sent it. Empty for what is no link.
    """
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        host = (parts.hostname or "").removeprefix("www.").rstrip(".")
    except ValueError:  # what looks like an IPv6 address and is none
        return ""
    if "." not in host:
        return ""
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(pair[0])]
    query = f"?{urlencode(kept)}" if kept else ""
    return f"{host}{parts.path.rstrip('/')}{query}"[:LINK_LENGTH_MAX]


def fold_name(name: str) -> str:
    """The topic that a person names: a link or host where it reads like one, else a hashtag or phrase."""
    text = name.strip()
    is_link = not re.search(r"\s", text) and not text.startswith(("#", "\uff03")) and "." in text.strip(".")
    return (fold_link(text) if is_link else "") or fold(text)


def keys_of(kind: str, topic: str, name: str) -> list[str]:
    """All topics under whose hiding a trend falls: itself, the phrases in it, the host of a link."""
    if kind == "link":
        return sorted({topic, re.split("[/?]", topic, maxsplit=1)[0]})
    return sorted({topic, *_parts(name)})


def _parts(name: str) -> Iterator[str]:
    words = name.split()
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            if key := fold("".join(words[start:end])):
                yield key
