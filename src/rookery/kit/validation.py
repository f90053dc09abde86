"""What msgspec says of a wrong value, as a field, a stable code and a sentence for people."""

import ast
import re
from collections.abc import Callable, Collection, Iterator
from itertools import islice
from typing import Any, Final

import msgspec
from msgspec import Struct

from rookery.kit.patterns import form_of
from rookery.kit.problems import FieldError

ERRORS_MAX: Final = 20  # told at once

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


def _form(match: re.Match[str]) -> str:
    form = form_of(ast.literal_eval(match["pattern"]))
    return f"must be {form}" if form else "does not have the right form"


# In order; the first that matches says it.
SENTENCES: list[tuple[re.Pattern[str], str, Words]] = [
    (re.compile(r"^Expected `(?P<kind>[^`]+)` of length (?P<relation><=) (?P<bound>\d+)$"), "too_long", _length),
    (re.compile(r"^Expected `(?P<kind>[^`]+)` of length (?P<relation>>=) (?P<bound>\d+)$"), "too_short", _length),
    (re.compile(r"^Expected `(?P<kind>[^`]+)` of length (?P<relation>==) (?P<bound>\d+)$"), "wrong_length", _length),
    (re.compile(r"^Expected `[^`]+` matching regex (?P<pattern>.*)$", re.DOTALL), "malformed", _form),
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


def every_error(body: bytes, kind: Any) -> list[FieldError]:
    """What is wrong with a JSON object that is not a `kind`, a struct: of each member the first error, at most
    ERRORS_MAX. Empty where it is no object, or no JSON behind what was wrong with it.
    """
    if not (isinstance(kind, type) and issubclass(kind, Struct)):
        return []
    try:
        members = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return []
    return list(islice(_errors_of(members, kind), ERRORS_MAX)) if isinstance(members, dict) else []


def _errors_of(members: dict[str, Any], kind: type[Struct]) -> Iterator[FieldError]:
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for name, field in fields.items():
        if name not in members:
            if field.required:
                yield _member_error("missing required", name, ())
            continue
        try:
            msgspec.convert(members[name], field.type)
        except msgspec.ValidationError as error:
            yield field_error_of(_within(name, str(error)), name)
    if kind.__struct_config__.forbid_unknown_fields:
        for name in [name for name in members if name not in fields]:
            yield _member_error("contains unknown", name, fields)


def field_error_of(message: str, whole: str) -> FieldError:
    """The error that a msgspec message describes. `whole` names the value when the message names no part of it.

    A missing or unknown member is named itself, not the object that it is missing from.
    """
    place = PLACE.search(message)
    path = place["path"] if place else ""
    text = message[: place.start()] if place else message
    if member := MEMBER.match(text):
        return _member_error(member["what"], f"{path}.{member['name']}" if path else member["name"], ())
    field = (path if path and not path.startswith("[") else f"{whole}{path}") or whole
    for pattern, code, words in SENTENCES:
        if match := pattern.match(text):
            return FieldError(field, code, words(match))
    return FieldError(field, "invalid", text)


def _within(name: str, message: str) -> str:
    """The message about a member, as msgspec says it of the whole object."""
    text, at, place = message.rpartition(" - at `$")
    return f"{text}{at}.{name}{place}" if at else f"{message} - at `$.{name}`"


def missing_parameter(message: str) -> FieldError | None:
    """The parameter that Litestar's message says is missing."""
    match = PARAMETER.match(message)
    return FieldError(match["name"], "required", "is required") if match else None


def _member_error(what: str, field: str, known: Collection[str]) -> FieldError:
    if what == "missing required":
        return FieldError(field, "required", "is required")
    others = f"; there are {', '.join(known)}" if known else ""
    return FieldError(field, "unknown_field", f"is not a field that is known here{others}")
