"""Whether a whole string is a username, a list, a hashtag or a URL, and whether a text holds what no text may."""

import ipaddress
import re

from rookery.kit.text import alphabet
from rookery.kit.text.entities import find_hashtags, find_mentions_or_lists

# U+FFFE, U+FEFF and U+FFFF as twitter-text; besides them C0 controls (PostgreSQL refuses NUL) but tab and newline.
INVALID_CHARACTER = re.compile(rf"[{alphabet.INVALID}\x00-\x08\x0b-\x1f]")
_USERNAME = re.compile(r"[A-Za-z0-9_]{1,20}")

_PERCENT_ENCODED = "%[0-9A-Fa-f]{2}"
_PCHAR = rf"(?:[A-Za-z0-9{alphabet.CYRILLIC}\-._~!$&'()*+,;=:|@]|{_PERCENT_ENCODED})"
_URL = re.compile(
    rf"(?:(?P<scheme>https?)://)?(?P<authority>[^/?#]*)(?:/{_PCHAR}*)*(?:\?(?:{_PCHAR}|[/?])*)?(?:\#(?:{_PCHAR}|[/?])*)?",
    re.IGNORECASE | re.ASCII,
)
_AUTHORITY = re.compile(
    rf"(?:(?:[A-Za-z0-9{alphabet.CYRILLIC}\-._~!$&'()*+,;=:]|{_PERCENT_ENCODED})*@)?"
    r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^:@\[\]]*)(?::[0-9]{1,5})?"
)
_ALNUM = r"[A-Za-z0-9\u0080-\U0010ffff]"
_SUBDOMAIN = re.compile(rf"{_ALNUM}(?:[A-Za-z0-9_\-\u0080-\U0010ffff]*{_ALNUM})?")
_DOMAIN = re.compile(rf"{_ALNUM}(?:[A-Za-z0-9\-\u0080-\U0010ffff]*{_ALNUM})?")
_TLD = re.compile(rf"(?![0-9]){_DOMAIN.pattern}")


def contains_invalid_characters(text: str) -> bool:
    """Whether a text holds a non-character, a byte order mark or a control character other than tab and newline.

    Normalise first: a carriage return is a control character too.
    """
    return INVALID_CHARACTER.search(text) is not None


def is_valid_username(text: str) -> bool:
    """1 to 20 ASCII letters, digits and underscores, without the @."""
    return _USERNAME.fullmatch(text) is not None


def is_valid_list(text: str) -> bool:
    """`@username/slug` and nothing else."""
    found = find_mentions_or_lists(text)
    return len(found) == 1 and found[0].slug != "" and found[0][2:] == (0, len(text))


def is_valid_hashtag(text: str) -> bool:
    """`#tag` and nothing else."""
    found = find_hashtags(text)
    return len(found) == 1 and (found[0].start, found[0].end) == (0, len(text))


def is_valid_url(text: str, *, require_protocol: bool = True) -> bool:
    """An http or https URL and nothing else, by twitter-text's reading of RFC 3986 with hosts of any script.

    Broader than what `extract` finds in running text: user names, IP addresses and any top-level domain pass.
    """
    match = _URL.fullmatch(text)
    if match is None or (require_protocol and match["scheme"] is None):
        return False
    authority = _AUTHORITY.fullmatch(match["authority"])
    return authority is not None and _is_host(authority["host"])


def _is_host(host: str) -> bool:
    """A dotted name, IPv4, or IPv6 in brackets."""
    try:
        if host.startswith("["):
            return ipaddress.IPv6Address(host[1:-1]).version == 6
        return ipaddress.IPv4Address(host).version == 4
    except ValueError:
        pass
    labels = host.split(".")
    if len(labels) < 2 or not all(map(_SUBDOMAIN.fullmatch, labels[:-2])):
        return False
    return _DOMAIN.fullmatch(labels[-2]) is not None and _TLD.fullmatch(labels[-1]) is not None
