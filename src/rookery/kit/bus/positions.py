"""Where a consumer group stands in the log, partition by partition."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import asyncpg
from msgspec import Struct

from rookery.kit.bus.base import PARTITIONS, Start
from rookery.kit.bus.session import Session
from rookery.kit.database import Connection

# (transaction id, position): everything up to and including it. Position 0 is before the transaction's first row.
Cursor = tuple[int, int]

POSITION_BITS = 64
LAG_CAP = 100_000

FIND_GROUP = "SELECT id FROM bus.groups WHERE name = $1"
MAKE_GROUP = "INSERT INTO bus.groups (name) VALUES ($1) ON CONFLICT (name) DO NOTHING"
MAKE_POSITIONS = """
INSERT INTO bus.positions (group_id, topic, partition, xid, position)
SELECT $1, topic, number, CASE WHEN $3 THEN pg_snapshot_xmin(pg_current_snapshot()) ELSE '0'::xid8 END, 0
FROM unnest($2::text[]) AS topic, generate_series(0, $4 - 1) AS number
ON CONFLICT DO NOTHING
"""
LOAD = """
SELECT topic, partition, xid, position FROM bus.positions
WHERE group_id = $1 AND topic = ANY ($2::text[]) AND partition = ANY ($3::smallint[])
"""
# $6: move even backwards (a seek).
MOVE = """
UPDATE bus.positions AS p SET xid = n.xid, position = n.position, updated_at = now()
FROM unnest($2::text[], $3::smallint[], $4::xid8[], $5::bigint[]) AS n (topic, partition, xid, position)
WHERE p.group_id = $1 AND p.topic = n.topic AND p.partition = n.partition
    AND ($6 OR (n.xid, n.position) > (p.xid, p.position))
"""
# $6: LAG_CAP; the rows looked at are bounded, too.
COUNT_AHEAD = """
SELECT count(*) FROM (
    SELECT FROM (
        SELECT topic, partition, xid, position FROM bus.outbox
        WHERE xid >= $5::xid8 ORDER BY xid, position LIMIT 4 * $6::bigint
    ) AS o
    JOIN unnest($1::text[], $2::smallint[], $3::xid8[], $4::bigint[]) AS c (topic, partition, xid, position)
        USING (topic, partition)
    WHERE (o.xid, o.position) > (c.xid, c.position)
    LIMIT $6
)
"""
COUNT_ALL = "SELECT count(*) FROM (SELECT FROM bus.outbox LIMIT $1)"
LOAD_GROUP = """
SELECT topic, partition, xid, position FROM bus.positions
WHERE group_id = (SELECT id FROM bus.groups WHERE name = $1)
"""


async def group_lag(conn: Connection, group: str) -> int:
    """Committed rows that a whole group has not done yet, members or not, up to LAG_CAP. Two round trips.

    A group that never ran has everything before it: the whole log.
    """
    cursors = _cursors(await conn.fetch(LOAD_GROUP, group))
    if not cursors:
        return int(await conn.fetchval(COUNT_ALL, LAG_CAP))
    return int(await conn.fetchval(COUNT_AHEAD, *_count_arguments(cursors)))


class Place(Struct):
    """Our state in one partition: scanned up to, handed out up to, stored as done up to."""

    read: Cursor
    committed: Cursor
    delivered: Cursor = (0, 0)


class PositionTable:
    """The rows of one group, used through its member's own session: a member that lost its locks cannot write here."""

    def __init__(self, session: Session, group_id: int) -> None:
        self._session = session
        self.group_id = group_id

    @classmethod
    async def open(cls, session: Session, group: str, topics: Sequence[str], start: Start) -> "PositionTable":
        """Make the group and its missing positions. Two round trips for a known group, four for a new one."""
        rows = await session.fetch(FIND_GROUP, group)
        if not rows:
            await session.fetch(MAKE_GROUP, group)
            rows = await session.fetch(FIND_GROUP, group)
        table = cls(session, rows[0]["id"])
        await session.fetch(MAKE_POSITIONS, table.group_id, list(topics), start is Start.LATEST, PARTITIONS)
        return table

    async def load(self, topics: Sequence[str], partitions: Collection[int]) -> dict[tuple[str, int], Cursor]:
        rows = await self._session.fetch(LOAD, self.group_id, list(topics), list(partitions))
        return _cursors(rows)

    async def move(self, cursors: Mapping[tuple[str, int], Cursor]) -> None:
        """Forwards only. One round trip."""
        await self._session.fetch(MOVE, self.group_id, *_columns(cursors), False)

    async def reset(self, places: Collection[tuple[str, int]], cursor: Cursor) -> None:
        """To `cursor`, wherever they stand. One round trip."""
        await self._session.fetch(MOVE, self.group_id, *_columns(dict.fromkeys(places, cursor)), True)

    async def lag(self, cursors: Mapping[tuple[str, int], Cursor]) -> int:
        """Committed rows behind these cursors, counted up to LAG_CAP. One round trip."""
        if not cursors:
            return 0
        rows = await self._session.fetch(COUNT_AHEAD, *_count_arguments(cursors))
        return int(rows[0][0])


def offset_of(cursor: Cursor) -> int:
    """Both halves in one number that orders like the pair."""
    return cursor[0] << POSITION_BITS | cursor[1]


def cursor_of(offset: int) -> Cursor:
    return offset >> POSITION_BITS, offset & ((1 << POSITION_BITS) - 1)


def _columns(cursors: Mapping[tuple[str, int], Cursor]) -> tuple[list[str], list[int], list[int], list[int]]:
    rows = [(topic, number, xid, position) for (topic, number), (xid, position) in sorted(cursors.items())]
    topics, numbers, xids, positions = (list(column) for column in zip(*rows, strict=True))
    return topics, numbers, xids, positions


def _cursors(rows: Sequence[asyncpg.Record]) -> dict[tuple[str, int], Cursor]:
    return {(row["topic"], row["partition"]): (row["xid"], row["position"]) for row in rows}


def _count_arguments(cursors: Mapping[tuple[str, int], Cursor]) -> tuple[Any, ...]:
    return (*_columns(cursors), min(cursors.values())[0], LAG_CAP)
