"""Conditional reads (RFC 9110, section 13): an ETag for single objects, 304 for who has them already.

Tags are weak: they name the content, not its bytes, which the edge may compress in several ways.
"""

import hashlib
from typing import Any

import msgspec
from litestar import Request, Response

AnyRequest = Request[Any, Any, Any]

# Kept by the client only, and asked about each time: what one may see changes with each block and follow.
HEADERS = {"Cache-Control": "private, no-cache", "Vary": "Authorization"}

_encode = msgspec.json.Encoder().encode


def etag_of(body: bytes) -> str:
    return f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


def matches(if_none_match: str | None, etag: str) -> bool:
    """Whether an If-None-Match names the tag, by weak comparison; `*` matches everything, nonsense nothing."""
    if if_none_match is None:
        return False
    if if_none_match.strip() == "*":
        return True
    opaque = etag.removeprefix("W/")
    return any(candidate.strip().removeprefix("W/") == opaque for candidate in if_none_match.split(","))


def conditional(request: AnyRequest, value: Any) -> Response[Any]:
    """`value` as JSON with its ETag, or an empty 304 when the request already has exactly that."""
    body = _encode(value)
    etag = etag_of(body)
    headers = {**HEADERS, "ETag": etag}
    if matches(request.headers.get("If-None-Match"), etag):
        return Response(None, status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)
