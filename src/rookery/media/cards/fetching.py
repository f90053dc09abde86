"""One GET with hard limits: of time, bytes, redirects, types and places (`addresses.Gate`).

A compressed body is unpacked only as far as the limit of bytes reaches. Nothing is sent but the request: no cookies, no
referrer, no credentials.
"""

import asyncio
import ssl
import zlib
from collections.abc import Callable
from typing import Final

import httpcore
from msgspec import Struct

import rookery
from rookery.media.cards.addresses import Gate, Resolve
from rookery.media.cards.errors import FetchError, Forbidden, Refused, Unreachable
from rookery.media.cards.links import Link, read_link
from rookery.media.formats import HEAD_BYTES

REDIRECTS_MAX: Final = 3
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
DEADLINE_S = 10.0
CONNECT_S: Final = 4.0
TRANSIENT: Final = frozenset({408, 425, 429})
IDENTITY: Final = frozenset({"", "identity"})
GZIP: Final = frozenset({"gzip", "x-gzip"})


class Wanted(Struct, frozen=True):
    """What may come back: media types, and how many bytes of the body (unpacked) are read. Reading ends behind the
    first of `ends` (lower-case) too.

    Where `begins` is given, what the content begins with decides, not the media type that the host gives it: a body is
    refused unless `begins` accepts its first HEAD_BYTES (or all there are) and it ends before `bytes_max`.
    """

    types: frozenset[str]
    bytes_max: int
    ends: tuple[bytes, ...] = ()
    begins: Callable[[bytes], bool] | None = None


class Fetched(Struct, frozen=True):
    """`link` is where it came from, after redirects. `body` may be cut off where Wanted says. Header names are
    lower-case; of a name given twice the values are joined by a comma."""

    link: Link
    headers: dict[str, str]
    body: bytes


class Fetcher:
    """Safe for any link that a stranger writes. Keeps no connections."""

    def __init__(self, public_url: str, allowed: list[str], resolve: Resolve | None = None) -> None:
        self._gate = Gate(allowed, resolve)
        self._tls = httpcore.default_ssl_context()  # certifi's authorities
        self._tls.load_default_certs(ssl.Purpose.SERVER_AUTH)  # and the system's, for those of a company
        self._agent = f"Rookery/{rookery.__version__} (+{public_url}; link cards)"

    async def get(self, link: Link, wanted: Wanted) -> Fetched:
        """Raises FetchError: Forbidden, Refused or Unreachable. Takes DEADLINE_S at most, redirects included."""
        try:
            async with asyncio.timeout(DEADLINE_S), self._pool() as pool:
                for _ in range(REDIRECTS_MAX + 1):
                    answer = await self._ask(pool, link, wanted)
                    if isinstance(answer, Fetched):
                        return answer
                    link = answer
        except TimeoutError as error:
            raise Unreachable(f"{link.url}: no answer in {DEADLINE_S} s") from error
        except (OSError, httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
            raise Unreachable(f"{link.url}: {error!r}") from error
        raise Refused(f"{link.url}: more than {REDIRECTS_MAX} redirects")

    def _pool(self) -> httpcore.AsyncConnectionPool:
        return httpcore.AsyncConnectionPool(
            ssl_context=self._tls, max_keepalive_connections=0, network_backend=self._gate
        )

    async def _ask(self, pool: httpcore.AsyncConnectionPool, link: Link, wanted: Wanted) -> Fetched | Link:
        """What is there, or where it says to look instead."""
        url = httpcore.URL(scheme=link.scheme, host=link.host, port=link.port, target=link.target)
        headers: dict[bytes | str, bytes | str] = {
            "Host": link.authority,
            "User-Agent": self._agent,
            "Accept": ", ".join(sorted(wanted.types)),
            "Accept-Encoding": "gzip",
            "Connection": "close",
        }
        timeout = {"connect": CONNECT_S, "read": DEADLINE_S, "write": DEADLINE_S, "pool": DEADLINE_S}
        async with pool.stream("GET", url, headers=headers, extensions={"timeout": timeout}) as response:
            received = _headers(response)
            if response.status in REDIRECTS:
                return _next(link, received.get("location", ""))
            _check(link, response.status, received, wanted)
            return Fetched(link, received, await _body(response, received, wanted))


def _headers(response: httpcore.Response) -> dict[str, str]:
    headers: dict[str, str] = {}
    for raw_name, raw_value in response.headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _next(link: Link, location: str) -> Link:
    target = read_link(location, link) if location else None
    if target is None:
        raise Forbidden(f"{link.url} leads to {location[:200]!r}")
    return target


def _check(link: Link, status: int, headers: dict[str, str], wanted: Wanted) -> None:
    if status >= 500 or status in TRANSIENT:
        raise Unreachable(f"{link.url}: status {status}")
    if status != 200:
        raise Refused(f"{link.url}: status {status}")
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if wanted.begins is None and media_type not in wanted.types:
        raise Refused(f"{link.url}: is {media_type[:100]!r}")
    if (length := headers.get("content-length", "")).isdecimal():
        _check_size(int(length), wanted)
    if headers.get("content-encoding", "").lower() not in IDENTITY | GZIP:
        raise Refused(f"{link.url}: coded as {headers['content-encoding'][:100]!r}")


async def _body(response: httpcore.Response, headers: dict[str, str], wanted: Wanted) -> bytes:
    """The body up to the limit. As much is read from the network at most, packed or not."""
    unpack = zlib.decompressobj(wbits=31) if headers.get("content-encoding", "").lower() in GZIP else None
    body, received, longest = bytearray(), 0, max(map(len, wanted.ends), default=1)
    async for chunk in response.aiter_stream():
        received += len(chunk)
        before = len(body)
        body += chunk if unpack is None else _unpacked(unpack, chunk, wanted.bytes_max - before)
        if before < HEAD_BYTES <= len(body):
            _check_head(body, wanted)
        new = bytes(body[max(0, before - longest) :]).lower()
        if max(received, len(body)) >= wanted.bytes_max or any(end in new for end in wanted.ends):
            break
    _check_head(body, wanted)
    _check_size(max(received, len(body)), wanted)
    return bytes(body[: wanted.bytes_max])


def _check_head(body: bytearray, wanted: Wanted) -> None:
    if wanted.begins is not None and not wanted.begins(bytes(body[:HEAD_BYTES])):
        raise Refused(f"begins with {bytes(body[:16])!r}")


def _check_size(size: int, wanted: Wanted) -> None:
    if wanted.begins is not None and size >= wanted.bytes_max:
        raise Refused(f"has {wanted.bytes_max} bytes or more")


def _unpacked(unpack: "zlib._Decompress", chunk: bytes, size_max: int) -> bytes:
    try:
        return unpack.decompress(chunk, size_max)
    except zlib.error as error:
        raise Refused(f"broken gzip: {error}") from error


__all__ = ["FetchError", "Fetched", "Fetcher", "Wanted"]
