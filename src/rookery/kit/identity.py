"""Who makes a request. The edge verifies the access token and leaves the claims in the connection's scope."""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from msgspec import Struct

from rookery.kit.problems import Unauthenticated

SCOPE_KEY = "rookery.claims"

AnyConnection = ASGIConnection[Any, Any, Any, Any]


class Claims(Struct, frozen=True):
    """A verified, unrevoked access token: whose, of which session, valid until when (Unix seconds)."""

    user_id: int
    session_id: int
    expires_at: int


def claims_of(connection: AnyConnection) -> Claims | None:
    """The claims of the request, or None when nobody is signed in."""
    claims: Claims | None = connection.scope.get(SCOPE_KEY)  # type: ignore[assignment]
    return claims


def viewer_id(connection: AnyConnection) -> int:
    """The id of who reads, 0 when signed out."""
    claims = claims_of(connection)
    return 0 if claims is None else claims.user_id


def signed_in(connection: AnyConnection) -> Claims:
    """The claims of the request; raises Unauthenticated when there are none."""
    claims = claims_of(connection)
    if claims is None:
        raise Unauthenticated("This needs a valid access token.")
    return claims


async def requires_user(connection: AnyConnection, _: BaseRouteHandler) -> None:
    """Guard of routes for signed-in users. Async, because Litestar runs a plain function in a thread."""
    signed_in(connection)
