"""Refusals: one base with code, HTTP status and safe text, rendered as RFC 9457 problem documents.

    Problem
    ├── Invalid           400  the request's content is wrong; `errors` name the fields
    ├── Unauthenticated   401
    ├── Forbidden         403
    ├── NotFound          404
    ├── Conflict          409
    ├── RateLimited       429  with Retry-After
    └── Unavailable       503  with Retry-After; a part that we need is away

Services raise these (or subclasses in their `errors.py`); what a client may not know stays in `__cause__` and the log.
"""

from msgspec import Struct


class FieldError(Struct, frozen=True, omit_defaults=True):
    """One wrong field: its path in the body or its parameter name, a stable code, a text for people.

    Where a text cannot be read, `position` is the code point at which it goes wrong, and `expected` what could stand
    there.
    """

    field: str
    code: str
    message: str
    position: int | None = None
    expected: str | None = None


class ProblemDocument(Struct, frozen=True, omit_defaults=True):
    """The body of every error answer, `application/problem+json`."""

    type: str
    title: str
    status: int
    code: str
    detail: str = ""
    request_id: str = ""
    errors: list[FieldError] = []


class Problem(Exception):
    """Base of every refusal that a client sees."""

    status = 500
    code = "internal_error"
    title = "Internal error"

    def __init__(
        self,
        detail: str = "",
        *,
        code: str | None = None,
        errors: list[FieldError] | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.code = code or self.code
        self.errors = errors or []
        self.retry_after_s = retry_after_s

    @property
    def headers(self) -> dict[str, str]:
        return {} if self.retry_after_s is None else {"Retry-After": str(self.retry_after_s)}

    def document(self, request_id: str = "") -> ProblemDocument:
        return ProblemDocument(
            type="about:blank",
            title=self.title,
            status=self.status,
            code=self.code,
            detail=self.detail,
            request_id=request_id,
            errors=self.errors,
        )


class Invalid(Problem):
    status = 400
    code = "invalid"
    title = "The request is not valid"


def invalid_field(field: str, code: str, message: str) -> Invalid:
    """The refusal of a single field."""
    return Invalid(f"{field}: {message}", errors=[FieldError(field, code, message)])


class Unauthenticated(Problem):
    status = 401
    code = "unauthenticated"
    title = "Sign in first"

    @property
    def headers(self) -> dict[str, str]:
        return {"WWW-Authenticate": "Bearer"}


class Forbidden(Problem):
    status = 403
    code = "forbidden"
    title = "Not allowed"


class NotFound(Problem):
    status = 404
    code = "not_found"
    title = "Not found"


class Conflict(Problem):
    status = 409
    code = "conflict"
    title = "In conflict with what is there"


class RateLimited(Problem):
    status = 429
    code = "rate_limited"
    title = "Too many requests"


class Unavailable(Problem):
    status = 503
    code = "unavailable"
    title = "Unavailable for the moment"

    def __init__(self, detail: str = "", *, retry_after_s: int = 1) -> None:
        super().__init__(detail, retry_after_s=retry_after_s)
