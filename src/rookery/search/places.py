"""Where a page by relevance begins, and the cursor that says so."""

import hmac
from typing import Final, NamedTuple

from rookery.kit.ids import MAX_ID
from rookery.kit.paging import decode_cursor, encode_cursor
from rookery.kit.problems import invalid_field
from rookery.kit.sealing import derive_key

MARK_BYTES: Final = 8


class Place(NamedTuple):
    """In the block of ids from `bottom` (0: not known yet) to below `top`, behind a post's score and id."""

    top: int = MAX_ID
    bottom: int = 0
    score: int = MAX_ID
    post_id: int = MAX_ID


class Places:
    """Cursors that hold for one query and are ours: a block says how much is looked at, so nobody may make one up."""

    def __init__(self, secret_key: str) -> None:
        self._key = derive_key(secret_key, "search places")

    def cursor(self, query: str, place: Place) -> str:
        return encode_cursor(*place, self._mark(query, place))

    def read(self, query: str, cursor: str) -> Place:
        """Raises Invalid that names `cursor` for what this query did not give out."""
        *values, mark = decode_cursor(cursor, len(Place._fields) + 1)
        place = Place(*values)
        if mark != self._mark(query, place):
            raise invalid_field("cursor", "malformed", "is not a cursor that this list gave out")
        return place

    def _mark(self, query: str, place: Place) -> int:
        """63 bits: a cursor's numbers are not negative."""
        digest = hmac.digest(self._key, f"{' '.join(map(str, place))} {query}".encode(), "sha256")
        return int.from_bytes(digest[:MARK_BYTES]) >> 1
