"""Patterns of texts that clients send: Python checks them, readers of the API's description take them as ECMAScript.

Each says in words what it stands for, so that a refusal can.
"""

# The end. In Python `$` alone also stands before a last line break, and its `\Z` is nothing in ECMAScript.
END = r"$(?!\n)"

_forms: dict[str, str] = {}


def whole(pattern: str, form: str) -> str:
    """Matches texts that are this from their beginning to their end, in both languages. Alternatives need brackets.

    `form` completes "must be ...".
    """
    ended = f"^{pattern}{END}"
    _forms[ended] = form
    return ended


def form_of(ended: str) -> str | None:
    """What `whole` was told of this pattern."""
    return _forms.get(ended)


ID = whole("[1-9][0-9]{0,18}", "an id: a number without leading zeros, as a string")  # it need not have 64 bits
COLOR = whole("#[0-9a-f]{6}", "a colour such as #1a2b3c")
USERNAME = whole("[A-Za-z0-9_]+", "letters from A to Z, digits and underscores")
CURSOR_FORM = "a cursor as `next_cursor` gives it"
