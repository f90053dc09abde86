"""Patterns of texts that clients send: Python checks them, readers of the API's description take them as ECMAScript."""

# The end. In Python `$` alone also stands before a last line break, and its `\Z` is nothing in ECMAScript.
END = r"$(?!\n)"


def whole(pattern: str) -> str:
    """Matches texts that are this from their beginning to their end, in both languages. Alternatives need brackets."""
    return f"^{pattern}{END}"


ID = whole("[1-9][0-9]{0,18}")  # the form alone: not every one of them has 64 bits
COLOR = whole("#[0-9a-f]{6}")
