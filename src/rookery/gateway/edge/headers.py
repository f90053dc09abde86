"""Headers that answers carry: what browsers may do with them, and which other origins may read them."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from rookery.kit.settings import Settings

Header = tuple[bytes, bytes]

HSTS = (b"strict-transport-security", b"max-age=63072000; includeSubDomains")

NO_STORE = (b"cache-control", b"no-store")
NO_CACHE = (b"cache-control", b"no-cache")
REVALIDATE = (b"cache-control", b"private, no-cache")
VARY_CODING = (b"vary", b"Accept-Encoding")

# What no page of ours needs is denied, to us as well as to whatever might be injected into us.
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
        "xr-spatial-tracking",
    )
)

COMMON: list[Header] = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"permissions-policy", PERMISSIONS.encode()),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]

API_CSP = b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

MEDIA_CSP = b"default-src 'none'; sandbox; frame-ancestors 'none'"

EXPOSED = (
    "ETag, Location, RateLimit, RateLimit-Policy, Retry-After, Tus-Resumable, Tus-Version, Upload-Expires, "
    "Upload-Length, Upload-Offset, X-Request-Id"
)
ALLOWED_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
ALLOWED_HEADERS = (
    "Accept, Accept-Language, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, "
    "Tus-Resumable, Upload-Checksum, Upload-Length, Upload-Metadata, Upload-Offset, X-Request-Id, X-Rookery-Client"
)
PREFLIGHT_MAX_AGE_S = 7200  # the most that Chromium heeds


def api_headers(settings: Settings) -> list[Header]:
    """For JSON: nothing may be loaded or framed from it."""
    return [(b"content-security-policy", API_CSP), VARY_CODING, *_common(settings)]


def media_headers(settings: Settings) -> list[Header]:
    """For files that people uploaded: shown in any page, run in none, whatever a browser takes them for."""
    common = [header for header in _common(settings) if header[0] != b"cross-origin-resource-policy"]
    shared = (b"cross-origin-resource-policy", b"cross-origin")
    return [(b"content-security-policy", MEDIA_CSP), shared, (b"access-control-allow-origin", b"*"), *common]


def web_headers(settings: Settings) -> list[Header]:
    """For the web app and the interactive docs: only what we serve ourselves, no inline script or style."""
    return [(b"content-security-policy", web_csp(settings).encode()), *_common(settings)]


def web_csp(settings: Settings) -> str:
    public = urlsplit(settings.public_url)
    # Browsers disagree on whether 'self' covers WebSockets, so their origin is named.
    socket = f"{'wss' if public.scheme == 'https' else 'ws'}://{public.netloc}"
    cdn = f" {_origin_of(settings.media_public_url).decode()}" if settings.media_public_url else ""
    directives = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": f"'self' data: blob:{cdn}",
        "media-src": f"'self' blob:{cdn}",
        "font-src": "'self'",
        "connect-src": f"'self' {socket}",
        "manifest-src": "'self'",
        "worker-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def _common(settings: Settings) -> list[Header]:
    return [*COMMON, HSTS] if settings.hsts else list(COMMON)


class Origins:
    """Cross-origin reading by an allow-list. `*` allows every origin.

    Credentials are never allowed: the API is called with a bearer token, and the refresh cookie is same-site only.
    """

    def __init__(self, settings: Settings) -> None:
        self._any = "*" in settings.cors_origins
        self._allowed = {origin.rstrip("/").lower().encode() for origin in settings.cors_origins}
        self._public = _origin_of(settings.public_url)
        self._enabled = bool(settings.cors_origins)

    def answer_headers(self, origin: bytes) -> list[Header]:
        """What an answer to a request from `origin` carries."""
        if not self._enabled:
            return []
        if self._any:
            return [(b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", EXPOSED.encode())]
        if origin.lower() not in self._allowed:
            return [(b"vary", b"Origin")]
        return [
            (b"access-control-allow-origin", origin),
            (b"access-control-expose-headers", EXPOSED.encode()),
            (b"vary", b"Origin"),
        ]

    def preflight_headers(self, origin: bytes) -> list[Header]:
        """The grant for a preflight from `origin`; empty when it gets none, which makes the browser refuse."""
        if not (self._any or origin.lower() in self._allowed):
            return []
        return [
            (b"access-control-allow-methods", ALLOWED_METHODS.encode()),
            (b"access-control-allow-headers", ALLOWED_HEADERS.encode()),
            (b"access-control-max-age", str(PREFLIGHT_MAX_AGE_S).encode()),
        ]

    def may_connect(self, headers: Mapping[bytes, bytes]) -> bool:
        """Whether a WebSocket handshake may proceed; browsers do not apply CORS to it, so we do.

        No Origin: not a browser. Our own: the public address, or the host that was asked (`localhost` besides
        `127.0.0.1`). That the latter can be forged by rebinding a name does no harm: no cookie opens a stream.
        """
        origin = headers.get(b"origin")
        if origin is None or self._any:
            return True
        origin = origin.lower()
        if origin == self._public or origin in self._allowed:
            return True
        return urlsplit(origin).netloc == headers.get(b"host", b"").lower() != b""


def _origin_of(url: str) -> bytes:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower().encode()
