"""The only SQL of timelines: the view `timelines.home`, read in stretches, and an author's newest entries."""

from typing import Any

from rookery.contracts.posts import TimelineEntry
from rookery.kit.database import Connection, Database, load_queries
from rookery.kit.ids import first_id_at, id_ms, wall_clock_ms

queries: Any = load_queries(__file__)

DAY_MS = 24 * 3600 * 1000
CLOCK_SKEW_MS = 60_000
WINDOWS_MS = (2 * DAY_MS, 16 * DAY_MS, 128 * DAY_MS)  # then all the rest


class TimelineRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def home_entries(self, reader_id: int, before: int, limit: int) -> list[TimelineEntry]:
        """The `limit` newest entries below `before`; fewer only when there are no more.

        Looks back in growing windows, because what a reader wants lies near the top and sorting years of posts of
        hundreds of accounts for one page would not scale: at most four statements, one for a lively timeline.
        """
        entries: list[TimelineEntry] = []
        top_ms = min(id_ms(before), wall_clock_ms() + CLOCK_SKEW_MS)
        upper = min(before, first_id_at(top_ms + 1))  # nothing is newer, and partitions made ahead need no look
        async with self._database.connection() as connection:
            for window_ms in (*WINDOWS_MS, None):
                since = 0 if window_ms is None else max(0, first_id_at(top_ms - window_ms))
                entries += await self._between(connection, reader_id, upper, since, limit - len(entries))
                if len(entries) >= limit or since == 0:
                    break
                upper = since
        return entries

    async def _between(
        self, connection: Connection, reader_id: int, before: int, since: int, limit: int
    ) -> list[TimelineEntry]:
        rows = queries.entries_between(connection, reader_id=reader_id, before=before, since=since, max_entries=limit)
        return [TimelineEntry(*row) async for row in rows]

    async def author_entries(self, author_id: int, limit: int) -> list[TimelineEntry]:
        """The `limit` newest posts and reposts of an author, newest first."""
        async with self._database.connection() as connection:
            rows = queries.author_entries(connection, author_id=author_id, max_entries=limit)
            return [TimelineEntry(*row) async for row in rows]
