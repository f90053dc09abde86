"""The top-level domains, and where one ends in a text.

The table is twitter-text's own and not a newer one: server and web client must agree on what is a link, or a post that
the client takes for 280 is refused.
"""

import re
from functools import cache
from importlib import resources

# A name ends where no further letter, digit, @, + or - follows: "foo.com-pany", "a.com@b.org" hold no link to a .com.
_NAME_GOES_ON = "(?![0-9A-Za-z@+-])"
_ASCII_NAME = re.compile(rf"[A-Za-z]{{2,24}}{_NAME_GOES_ON}")
_PUNYCODE = re.compile(r"[Xx][Nn]--[-0-9A-Za-z]+")


@cache
def top_level_domains() -> frozenset[str]:
    """All names of the table, lower case, Unicode form."""
    lines = resources.files(__package__).joinpath("tlds.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


@cache
def _unicode_name() -> re.Pattern[str]:
    names = sorted((name for name in top_level_domains() if not name.isascii()), key=lambda name: (-len(name), name))
    return re.compile(f"(?:{'|'.join(map(re.escape, names))}){_NAME_GOES_ON}", re.IGNORECASE)


def tld_end(text: str, start: int) -> int | None:
    """Where the top-level domain that begins at `start` ends, None when none begins there.

    Text of another script may follow without a space ("example.comです"), so a name need not fill its label.
    """
    ascii_name = _ASCII_NAME.match(text, start)
    if ascii_name is not None and ascii_name.group().lower() in top_level_domains():
        return ascii_name.end()
    unicode_name = _unicode_name().match(text, start)
    if unicode_name is not None:
        return unicode_name.end()
    punycode = _PUNYCODE.match(text, start)
    return punycode.end() if punycode is not None else None
