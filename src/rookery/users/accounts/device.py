"""The device that a request comes from: its address, what it calls itself, and whether it is the web app."""

from typing import Any
from urllib.parse import urlsplit

from litestar import Request
from msgspec import Struct

from rookery.users.accounts.errors import CrossSiteRefused

USER_AGENT_MAX_CHARS = 300
WEB_CLIENT = "web"


class Device(Struct, frozen=True):
    """`web`: the request says that it comes from the web app, whose refresh token travels in a cookie."""

    ip_address: str
    user_agent: str
    web: bool


def device_of(request: Request[Any, Any, Any]) -> Device:
    """What the edge and the headers tell; bounded, and free of control characters."""
    client = request.scope.get("client")
    ip_address = request.scope.get("rookery.client_ip") or (client[0] if client else "")
    agent = "".join(char for char in request.headers.get("user-agent", "") if char.isprintable())
    return Device(
        ip_address=str(ip_address)[:45],
        user_agent=agent[:USER_AGENT_MAX_CHARS],
        web=request.headers.get("x-rookery-client") == WEB_CLIENT,
    )


def check_same_origin(request: Request[Any, Any, Any], public_url: str) -> None:
    """Raises CrossSiteRefused unless the web app sent this: what guards every use of the cookie against forgery (CSRF).

    The header X-Rookery-Client cannot be set across origins without our CORS answer. Sec-Fetch-Site and Origin are set
    by the browser, not by pages; one of them must be there, and each that is there must name our own origin.
    """
    headers = request.headers
    if headers.get("x-rookery-client") != WEB_CLIENT:
        raise CrossSiteRefused("The header X-Rookery-Client is missing.")
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is None and origin is None:
        raise CrossSiteRefused("Neither Sec-Fetch-Site nor Origin says where this comes from.")
    if site is not None and site != "same-origin":
        raise CrossSiteRefused("This comes from another site.")
    if origin is not None and not _is_own(origin, public_url, headers.get("host", "")):
        raise CrossSiteRefused("This comes from another origin.")


def _is_own(origin: str, public_url: str, host: str) -> bool:
    """The public address, or the address that the browser itself used (a page elsewhere cannot choose our Host)."""
    own = urlsplit(public_url)
    given = urlsplit(origin)
    return origin == f"{own.scheme}://{own.netloc}" or (
        given.scheme in ("http", "https") and given.netloc == host != ""
    )
