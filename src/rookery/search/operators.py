"""The operators: their names, what stands behind the colon, and a line of help for each."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from msgspec import Struct

from rookery.kit.ids import parse_id
from rookery.kit.text.language import LANGUAGES
from rookery.search.tree import Kind

USERNAME: Final = re.compile(r"[A-Za-z0-9_]{1,20}")
COUNT_MAX: Final = 10**9

HAS: Final = ("media", "image", "video", "link", "poll")
IS: Final = ("reply", "quote")


class Operator(Struct, frozen=True):
    """`check(value)` tells whether a value can be; `expected` is what one looks like."""

    kind: Kind
    expected: str
    example: str
    help: str
    check: Callable[[str], bool]


def is_date(value: str) -> bool:
    try:
        return re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII) is not None and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _is_count(value: str) -> bool:
    return re.fullmatch(r"\d{1,10}", value, re.ASCII) is not None and int(value) <= COUNT_MAX


def _is_id(value: str) -> bool:
    return parse_id(value) is not None


def _is_username(value: str) -> bool:
    return USERNAME.fullmatch(value.removeprefix("@")) is not None


def _one_of(*values: str) -> Callable[[str], bool]:
    return lambda value: value in values


_A_DAY, _A_NUMBER, _A_NAME = "a day such as 2026-01-31", "a whole number", "a username"

OPERATORS: Final[Mapping[str, Operator]] = {
    operator.kind.value: operator
    for operator in (
        Operator(Kind.FROM, _A_NAME, "from:ana", "written by an account", _is_username),
        Operator(Kind.TO, _A_NAME, "to:ana", "in reply to an account", _is_username),
        Operator(Kind.SINCE, _A_DAY, "since:2026-01-31", "on this day or later, UTC", is_date),
        Operator(Kind.UNTIL, _A_DAY, "until:2026-01-31", "before this day, UTC", is_date),
        Operator(Kind.HAS, f"one of {', '.join(HAS)}", "has:link", "with pictures, videos or links", _one_of(*HAS)),
        Operator(Kind.IS, f"one of {', '.join(IS)}", "is:reply", "replies, or quotes", _one_of(*IS)),
        Operator(Kind.LANG, "a language such as en", "lang:en", "in a language", _one_of(*LANGUAGES)),
        Operator(Kind.MIN_LIKES, _A_NUMBER, "min_likes:10", "liked at least so often", _is_count),
        Operator(Kind.MIN_REPOSTS, _A_NUMBER, "min_reposts:10", "reposted at least so often", _is_count),
        Operator(Kind.URL, "a part of a link", "url:example.org", "with a link to a place", bool),
        Operator(Kind.CONVERSATION, "the id of a post", "conversation_id:1", "in a conversation", _is_id),
        Operator(Kind.FILTER, "follows", "filter:follows", "by accounts that you follow", _one_of("follows")),
    )
}

# Known elsewhere, and refused by name rather than taken for words.
NOT_YET: Final[Mapping[str, str]] = {
    "list:": "there are no lists yet",
    "is:repost": "reposts are not searched; the post that was reposted is",
}
