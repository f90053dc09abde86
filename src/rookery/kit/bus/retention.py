"""Upkeep of the log: parts ahead of the writers, old parts dropped once every group is past them."""

from datetime import timedelta

import asyncpg
from msgspec import Struct

from rookery.kit.database import Connection

DEFAULT_RETENTION = timedelta(days=7)
PARTS_AHEAD = 2
# A part is to hold about a day, but never fewer transactions than this: a quiet server has few, small parts.
MIN_SPAN = 262_144
MAX_SPAN = 1 << 34
# A writer waits behind us for as long as we wait for the lock on the table.
LOCK_TIMEOUT = "500ms"

# Transactions in a day at the rate since the first row of the part in use; NULL for an unused log.
SPAN = """
SELECT ((pg_snapshot_xmax(pg_current_snapshot())::text::numeric - first.xid::text::numeric)
    * 86400 / greatest(extract(epoch FROM now() - first.created_at), 60))::bigint
FROM (SELECT xid, created_at FROM bus.outbox ORDER BY xid DESC, position DESC LIMIT 1) AS last,
    LATERAL (
        SELECT o.xid, o.created_at FROM bus.outbox AS o
        WHERE o.xid >= (SELECT coalesce(max(lower), '0') FROM bus.parts WHERE lower <= last.xid)
        ORDER BY o.xid, o.position LIMIT 1
    ) AS first
"""
COUNT_AHEAD = "SELECT count(*) FROM bus.parts WHERE lower > pg_snapshot_xmax(pg_current_snapshot())"
# Wholly below the watermark and below every group's position; the newest first is not needed, oldest go first.
PASSED = """
SELECT name, lower, upper FROM bus.parts
WHERE upper <= pg_snapshot_xmin(pg_current_snapshot())
    AND upper <= ALL (SELECT xid FROM bus.positions)
ORDER BY lower
"""
IS_OLD = """
SELECT coalesce(
    (SELECT created_at FROM bus.outbox WHERE xid >= $1 AND xid < $2 ORDER BY xid DESC, position DESC LIMIT 1)
        < now() - $3::interval,
    true)
"""
# Rows that the default part took are few, or somebody forgot to run this job; they go one by one.
EMPTY_DEFAULT = """
DELETE FROM bus.outbox_default
WHERE created_at < now() - $1::interval AND xid < pg_snapshot_xmin(pg_current_snapshot())
    AND xid < ALL (SELECT xid FROM bus.positions)
"""
FORGET_GROUP = "DELETE FROM bus.groups WHERE name = $1"


class Maintained(Struct, frozen=True):
    """The names of the parts that one run made and dropped. `blocked`: the table was busy, the next run goes on."""

    made: list[str]
    dropped: list[str]
    blocked: bool = False


async def maintain(conn: Connection, retention: timedelta = DEFAULT_RETENTION) -> Maintained:
    """Make parts ahead and drop what is older than `retention` and passed by every group. Run it every few minutes.

    A group that nobody runs any more keeps the log growing until `forget_group` is called. Not inside a transaction.
    """
    made: list[str] = []
    dropped: list[str] = []
    try:
        await _make_ahead(conn, made)
        await _drop_passed(conn, retention, dropped)
    except asyncpg.LockNotAvailableError:
        return Maintained(made, dropped, blocked=True)
    return Maintained(made, dropped)


async def forget_group(conn: Connection, group: str) -> None:
    """Delete a group with its positions; should it ever come back, it starts anew."""
    await conn.execute(FORGET_GROUP, group)


async def _make_ahead(conn: Connection, made: list[str]) -> None:
    while await conn.fetchval(COUNT_AHEAD) < PARTS_AHEAD:
        span = min(max(await conn.fetchval(SPAN) or 0, MIN_SPAN), MAX_SPAN)
        async with conn.transaction():
            await conn.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
            made.append(await conn.fetchval("SELECT bus.make_part($1)", span))


async def _drop_passed(conn: Connection, retention: timedelta, dropped: list[str]) -> None:
    for part in await conn.fetch(PASSED):
        if not await conn.fetchval(IS_OLD, part["lower"], part["upper"], retention):
            break
        async with conn.transaction():
            await conn.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
            await conn.execute(f"DROP TABLE bus.{part['name']}")
            await conn.execute("DELETE FROM bus.parts WHERE name = $1", part["name"])
        dropped.append(part["name"])
    await conn.execute(EMPTY_DEFAULT, retention)
