"""Links in one spelling, so that what is the same page to a browser is one fetch here."""

import hashlib
import re
from typing import Final
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import idna
from msgspec import Struct

LENGTH_MAX: Final = 2048
DEFAULT_PORTS: Final = {"http": 80, "https": 443}

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_PLAIN_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?|[0-9a-f:.]*:[0-9a-f:.]*")
_ESCAPE = re.compile(r"%(?:([0-9A-Fa-f]{2})|)")
_PATH_SAFE = "/%:@!$&'()*+,;=~-._"
_QUERY_SAFE = _PATH_SAFE + "?"


class Link(Struct, frozen=True):
    """An http or https address without user names and fragment. `host` is lower-case ASCII (IPv6 without brackets);
    `target` is path and query, percent-encoded."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Host and, where it is not the scheme's own, port: the `Host` header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"

    @property
    def key(self) -> bytes:
        """SHA-256 of the URL: 32 bytes for an index, however long the URL."""
        return hashlib.sha256(self.url.encode()).digest()


def read_link(text: str, base: Link | None = None) -> Link | None:
    """The link that a text names, resolved against `base`; None for what is none, or none that we would ask.

    Without a base, a text without a scheme is read as the web app links it: `example.org/a` is https.
    """
    if base is not None:
        text = urljoin(base.url, text.strip())
    elif not _SCHEME.match(text):
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host = _host(parts.hostname or "")
        port = parts.port if parts.port is not None else DEFAULT_PORTS.get(parts.scheme, 0)
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in DEFAULT_PORTS or "@" in parts.netloc or not host or not port:
        return None
    link = Link(parts.scheme, host, port, _target(parts))
    return link if len(link.url) <= LENGTH_MAX else None


def _host(name: str) -> str:
    """Lower-case ASCII, or empty when no host is called so. Raises UnicodeError for what IDNA refuses."""
    name = name.lower().rstrip(".")
    if not name.isascii():
        name = idna.encode(name, uts46=True).decode()
    return name if len(name) <= 253 and _PLAIN_HOST.fullmatch(name) else ""


def _target(parts: SplitResult) -> str:
    path = quote(_one_escape(parts.path) or "/", safe=_PATH_SAFE, errors="replace")
    return f"{path}?{quote(_one_escape(parts.query), safe=_QUERY_SAFE, errors='replace')}" if parts.query else path


def _one_escape(text: str) -> str:
    """Escapes in capitals; a percent sign that begins none is escaped itself."""
    return _ESCAPE.sub(lambda found: f"%{found[1].upper()}" if found[1] else "%25", text)
