"""The refusals of search.

Problem
└── Invalid   400  QueryError   the query cannot be read; `errors` say where, and what was expected there
"""

from rookery.kit.problems import FieldError, Invalid


class QueryError(Invalid):
    """`at` counts code points of the query; at its end, it is its length."""

    def __init__(self, code: str, at: int, message: str, expected: str) -> None:
        text = f"character {at + 1} {message}; expected: {expected}"
        super().__init__(f"q: {text}", errors=[FieldError("q", code, text, position=at, expected=expected)])
        self.at = at
