"""What msgspec says of a wrong value, as a field, a stable code and a sentence for people."""

import re
from collections.abc import Callable

from rookery.kit.problems import FieldError

PLACE = re.compile(r" - at `\$\.?(?P<path>[^`]*)`$")
NAMES = {
    "str": "a string",
    "int": "an integer",
    "float": "a number",
    "bool": "true or false",
    "object": "an object",
    "array": "a list",
    "null": "null",
    "datetime": "a time",
}

Words = Callable[[re.Match[str]], str]


def _kinds(text: str) -> str:
    """`str | null` as `a string or null`."""
    return " or ".join(NAMES.get(kind.strip(), kind.strip()) for kind in text.split("|"))


def _length(match: re.Match[str]) -> str:
    unit = "characters" if match["kind"].startswith("str") else "entries"
    bound = {"<=": "at most", ">=": "at least", "==": "exactly"}[match["relation"]]
    return f"must have {bound} {match['bound']} {unit}"


def _range(match: re.Match[str]) -> str:
    bound = {"<=": "at most", ">=": "at least", "<": "less than", ">": "more than"}[match["relation"]]
    return f"must be {bound} {match['bound']}"


# In order; the first that matches says it.
SENTENCES: list[tuple[re.Pattern[str], str, Words]] = [
    (re.compile(r"^Expected `(?P<kind>[^`]+)` of length (?P<relation><=) (?P<bound>\d+)$"), "too_long", _length),
    (re.compile(r"^Expected `(?P<kind>[^`]+)` of length (?P<relation>>=) (?P<bound>\d+)$"), "too_short", _length),
    (re.compile(r"^Expected `(?P<kind>[^`]+)` of length (?P<relation>==) (?P<bound>\d+)$"), "wrong_length", _length),
    (
        re.compile(r"^Expected `[^`]+` matching regex .*$", re.DOTALL),
        "malformed",
        lambda _: "does not have the right form",
    ),
    (re.compile(r"^Expected `[^`]+` (?P<relation><=|>=|<|>) (?P<bound>\S+)$"), "out_of_range", _range),
    (re.compile(r"^(Number|Integer value) out of range$"), "out_of_range", lambda _: "is out of range"),
    (
        re.compile(r"^Expected `(?P<expected>[^`]+)`, got `(?P<got>[^`]+)`$"),
        "wrong_type",
        lambda match: f"must be {_kinds(match['expected'])}, not {_kinds(match['got'])}",
    ),
]
MEMBER = re.compile(r"^Object (?P<what>missing required|contains unknown) field `(?P<name>[^`]*)`$")
PARAMETER = re.compile(r"^Missing required \w+ parameter '(?P<name>[^']+)'")


def field_error_of(message: str, whole: str) -> FieldError:
    """The error that a msgspec message describes. `whole` names the value when the message names no part of it.

    A missing or unknown member is named itself, not the object that it is missing from.
    """
    place = PLACE.search(message)
    path = place["path"] if place else ""
    text = message[: place.start()] if place else message
    if member := MEMBER.match(text):
        return _member_error(member, path)
    field = (path if path and not path.startswith("[") else f"{whole}{path}") or whole
    for pattern, code, words in SENTENCES:
        if match := pattern.match(text):
            return FieldError(field, code, words(match))
    return FieldError(field, "invalid", text)


def missing_parameter(message: str) -> FieldError | None:
    """The parameter that Litestar's message says is missing."""
    match = PARAMETER.match(message)
    return FieldError(match["name"], "required", "is required") if match else None


def _member_error(member: re.Match[str], path: str) -> FieldError:
    field = f"{path}.{member['name']}" if path else member["name"]
    if member["what"] == "missing required":
        return FieldError(field, "required", "is required")
    return FieldError(field, "unknown_field", "is not a field that is known here")
