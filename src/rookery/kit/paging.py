"""Keyset paging: opaque cursors and the list envelope `{"data": [...], "next_cursor": ...}`."""

import base64
import binascii
import struct
from typing import Generic, TypeVar

from msgspec import Struct

from rookery.kit.problems import invalid_field

LIMIT_DEFAULT = 20
LIMIT_MAX = 100

T = TypeVar("T")


class Page(Struct, Generic[T], frozen=True):
    """One page of a list; `next_cursor` is None on the last."""

    data: list[T]
    next_cursor: str | None = None


def encode_cursor(*values: int) -> str:
    """Signed 64-bit integers as an opaque URL-safe text."""
    return base64.urlsafe_b64encode(struct.pack(f">{len(values)}q", *values)).rstrip(b"=").decode()


def decode_cursor(cursor: str, count: int = 1) -> tuple[int, ...]:
    """The `count` integers of a cursor; raises Invalid naming `cursor` when it is none of ours."""
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        values = struct.unpack(f">{count}q", raw)
    except (binascii.Error, struct.error, ValueError) as error:
        raise invalid_field("cursor", "malformed", "is not a cursor that this list gave out") from error
    if any(value < 0 for value in values):
        raise invalid_field("cursor", "malformed", "is not a cursor that this list gave out")
    return values


def before_id(cursor: str | None) -> int:
    """The id that a page newest-first continues below; for the first page, the largest there is."""
    return 2**63 - 1 if cursor is None else decode_cursor(cursor)[0]
