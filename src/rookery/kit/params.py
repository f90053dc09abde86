"""Parameters and documented refusals that routes of every service share."""

from typing import Annotated

from litestar.openapi import ResponseSpec
from litestar.params import Parameter

from rookery.kit.ids import MAX_ID
from rookery.kit.paging import LIMIT_MAX
from rookery.kit.patterns import CURSOR_FORM, ID, whole
from rookery.kit.problems import NotFound, ProblemDocument
from rookery.kit.rendering import PROBLEM_JSON, AnyRequest

# An id in a path: an integer here, a decimal string for clients, whose numbers end at 2**53.
PathId = Annotated[
    int,
    Parameter(
        ge=1,
        description="A 64-bit id as a decimal string.",
        schema_extra={"type": "string", "pattern": ID, "minimum": None},
    ),
]
PageLimit = Annotated[int, Parameter(ge=1, le=LIMIT_MAX, description="How many entries a page has at most.")]
# One non-negative 64-bit integer, as `rookery.kit.paging.encode_cursor` writes it.
PageCursor = Annotated[
    str | None,
    Parameter(
        pattern=whole("[A-Za-f][A-Za-z0-9_-]{10}", CURSOR_FORM),
        description="`next_cursor` of the page before; absent for the first page.",
    ),
]

# In the `opt` of a handler: headers that the answer to OPTIONS has besides Allow.
OPTIONS_HEADERS = "options_headers"


async def check_path_ids(request: AnyRequest) -> None:
    """Refuse ids in other spellings than ours, so that an object has one address, and those beyond 64 bits, which
    nothing has. Runs before each handler.

    The router reads path parameters as Python reads numbers: also `+1`, `01`, `1_0` and `١`, and of any size.
    """
    path = request.scope["path"] + "/"
    for value in request.path_params.values():
        if isinstance(value, int) and (value > MAX_ID or f"/{value}/" not in path):
            raise NotFound("No such address.")


def refusals(*statuses: int) -> dict[int, ResponseSpec]:
    """The `responses` of a route that may refuse with these statuses, for OpenAPI; always with 429 and 503."""
    return {
        status: ResponseSpec(ProblemDocument, media_type=PROBLEM_JSON, generate_examples=False)
        for status in sorted({*statuses, 429, 503})
    }
