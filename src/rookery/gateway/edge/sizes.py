"""What a request may be made of: bounds on address, headers and body; no U+0000."""

from collections.abc import Mapping
from itertools import chain
from typing import Any
from urllib.parse import parse_qsl

from rookery.gateway.edge.errors import AddressTooLong, HeadersTooLarge, TooLarge
from rookery.gateway.edge.exchange import Message, Receive, Scope
from rookery.kit.problems import Invalid, NotFound, invalid_field

ADDRESS_MAX_BYTES = 8 * 1024  # RFC 9110, section 4.1, recommends to support 8000 at least
HEADERS_MAX_BYTES = 16 * 1024
HEADERS_MAX_COUNT = 100


def check_sizes(scope: Scope, headers: Mapping[bytes, bytes], body_max_bytes: int) -> None:
    """Refuse what declares itself too large, before anything of it is read."""
    pairs: list[tuple[bytes, bytes]] = scope["headers"]
    if len(pairs) > HEADERS_MAX_COUNT or len(b"".join(chain.from_iterable(pairs))) > HEADERS_MAX_BYTES:
        raise HeadersTooLarge(f"At most {HEADERS_MAX_COUNT} headers and {HEADERS_MAX_BYTES} bytes of them.")
    if len(scope["path"]) + len(scope["query_string"]) > ADDRESS_MAX_BYTES:
        raise AddressTooLong(f"At most {ADDRESS_MAX_BYTES} bytes.")
    if (declared := headers.get(b"content-length")) is not None:
        if not declared.isdigit():
            raise Invalid("Content-Length must be a number.")
        if int(declared[:20]) > body_max_bytes:
            raise TooLarge(f"At most {body_max_bytes} bytes.")


def check_no_nul(scope: Scope) -> None:
    """Refuse U+0000 in the address: PostgreSQL holds no such text, so no object has it in its name."""
    if "\0" in scope["path"]:
        raise NotFound("No such address.")
    if b"%00" in scope["query_string"]:
        for name, value in parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True):
            if "\0" in value or "\0" in name:
                raise invalid_field(name.replace("\0", ""), "malformed", "must not contain U+0000")


def bounded(receive: Receive, body_max_bytes: int) -> Receive:
    """`receive` for a body of undeclared length: raises TooLarge in the reader once it exceeds the bound."""
    received = 0

    async def counting() -> Message:
        nonlocal received
        message: Any = await receive()
        received += len(message.get("body", b""))
        if received > body_max_bytes:
            raise TooLarge(f"At most {body_max_bytes} bytes.")
        return message  # type: ignore[no-any-return]

    return counting
