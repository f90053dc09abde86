"""Full pages of what a reader sees, though the list behind them holds what they do not see.

A page is refilled from the list until it is full or ROUNDS_MAX is reached; then it is short, and its cursor goes on.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Protocol, TypeVar

from rookery.kit.paging import encode_cursor

ROUNDS_MAX: Final = 5


class Keyed(Protocol):
    @property
    def id(self) -> int: ...


C = TypeVar("C", bound=Keyed)

Fetch = Callable[[int, int], Awaitable[list[C]]]
Show = Callable[[list[C]], Awaitable[list[tuple[C, bytes]]]]


async def fill(fetch: Fetch[C], show: Show[C], start: int, limit: int) -> tuple[list[bytes], str | None]:
    """The JSON of up to `limit` entries behind the position `start`, and the cursor of the next page or None.

    `fetch(position, count)` gives the list's next entries behind a position (an id), `show(entries)` those that the
    reader sees, in order. One entry more than the page holds is looked for, so that the last page has no cursor.
    """
    shown: list[tuple[C, bytes]] = []
    position = start
    for _ in range(ROUNDS_MAX):
        candidates = await fetch(position, limit + 1)
        shown += await show(candidates)
        if len(shown) > limit:
            return [body for _, body in shown[:limit]], encode_cursor(shown[limit - 1][0].id)
        if len(candidates) <= limit:
            return [body for _, body in shown], None
        position = candidates[-1].id
    return [body for _, body in shown], encode_cursor(position)


def page_json(items: Sequence[bytes], next_cursor: str | None) -> bytes:
    """The list envelope of `kit.paging.Page`."""
    return b'{"data":[%s],"next_cursor":%s}' % (b",".join(items), cursor_json(next_cursor))


def cursor_json(cursor: str | None) -> bytes:
    """Cursors are URL-safe base64: nothing in them needs an escape."""
    return b"null" if cursor is None else b'"%s"' % cursor.encode()
