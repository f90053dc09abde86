"""The only SQL of timelines: home timelines, read in stretches, and an author's newest entries."""

from collections.abc import AsyncIterator
from typing import Any, NamedTuple

from rookery.contracts.posts import TimelineEntry
from rookery.contracts.users import Reader
from rookery.kit.database import Connection, Database, load_queries
from rookery.kit.ids import first_id_at, id_ms, wall_clock_ms

queries: Any = load_queries(__file__)

DAY_MS = 24 * 3600 * 1000
CLOCK_SKEW_MS = 60_000
# A stretch is looked for in the first window, then in one that should hold twice what is missing, then without a bound.
FIRST_WINDOW_MS = 2 * DAY_MS
LAST_WINDOW_MS = 128 * DAY_MS
# Author by author, each costs two or three descents of an index: 0.5 ms for 50 accounts, where the view, for which
# PostgreSQL reads all posts of the window, takes as long for 5,000 as for 50.
FEW_SOURCES = 1_000


class Found(NamedTuple):
    """A stretch of a timeline, newest first. `ended`: nothing older exists."""

    entries: list[TimelineEntry]
    ended: bool


class TimelineRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def home_entries(self, reader: Reader, before: int, limit: int, *, enough: int | None = None) -> Found:
        """At most `limit` of the newest entries below `before`, and `enough` (None: `limit`) unless there are no more.

        Looks back in growing windows, because what a reader wants lies near the top and sorting years of posts of
        hundreds of accounts for one page would not scale: at most three statements, one for a lively timeline.
        """
        entries: list[TimelineEntry] = []
        top_ms = min(id_ms(before), wall_clock_ms() + CLOCK_SKEW_MS)
        upper = min(before, first_id_at(top_ms + 1))  # nothing is newer, and partitions made ahead need no look
        window_ms: int | None = FIRST_WINDOW_MS
        async with self._database.connection() as connection:
            while True:
                since = 0 if window_ms is None else max(0, first_id_at(top_ms - window_ms))
                rows = _look(connection, reader, before=upper, since=since, max_entries=limit - len(entries))
                entries += [TimelineEntry(*row) async for row in rows]
                if since == 0 or len(entries) >= (enough or limit):
                    return Found(entries, since == 0 and len(entries) < limit)
                upper, window_ms = since, _next_window_ms(window_ms, len(entries), limit)

    async def author_entries(self, author_id: int, limit: int) -> list[TimelineEntry]:
        """The `limit` newest posts and reposts of an author, newest first."""
        async with self._database.connection() as connection:
            rows = queries.author_entries(connection, author_id=author_id, max_entries=limit)
            return [TimelineEntry(*row) async for row in rows]


def _look(connection: Connection, reader: Reader, **bounds: int) -> AsyncIterator[Any]:
    if len(reader.following) > FEW_SOURCES:
        found: AsyncIterator[Any] = queries.home_entries(connection, reader_id=reader.id, **bounds)
    else:
        found = queries.entries_of(connection, author_ids=[*reader.following, reader.id], **bounds)
    return found


def _next_window_ms(window_ms: int | None, found: int, limit: int) -> int | None:
    """None after the second window, and where it would reach further than LAST_WINDOW_MS."""
    if window_ms != FIRST_WINDOW_MS or found == 0:
        return None
    next_ms = FIRST_WINDOW_MS * 2 * limit // found
    return next_ms if next_ms <= LAST_WINDOW_MS else None
