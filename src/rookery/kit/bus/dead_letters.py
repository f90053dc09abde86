"""Where records go that fail whatever one does: a table, with the reason, once each."""

import traceback
from decimal import Decimal
from typing import Protocol

import msgspec

from rookery.kit.bus.base import Record
from rookery.kit.database import Connection, Database

MAX_ERROR_CHARS = 8000

INSERT = """
INSERT INTO bus.dead_letters (group_name, topic, partition, record_offset, key, value, headers, error)
VALUES ($1, $2, $3, $4, $5, $6, $7::text::jsonb, $8)
ON CONFLICT (group_name, topic, partition, record_offset) DO UPDATE SET error = EXCLUDED.error
"""
RETRY = """
WITH again AS (DELETE FROM bus.dead_letters WHERE group_name = $1 RETURNING id, topic, partition, key, value, headers)
INSERT INTO bus.outbox (topic, partition, key, value, headers)
SELECT topic, partition, key, value, headers FROM again ORDER BY id
"""


async def retry_dead_letters(conn: Connection, group: str) -> int:
    """Put what a group has parked at the end of the log again, once its cause is mended; returns how many.

    Every group of the topic sees them then, and takes them for the repeats that they are; they come after what
    happened since. One round trip.
    """
    return int((await conn.execute(RETRY, group)).split()[-1])


class DeadLetters(Protocol):
    async def park(self, group: str, record: Record, error: Exception) -> None:
        """Keep the record and why it failed; a replay that fails again replaces the reason. Raises when away."""
        ...


class DeadLetterTable:
    """`bus.dead_letters`, for both adapters."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def park(self, group: str, record: Record, error: Exception) -> None:
        """One round trip. Raises Unavailable."""
        headers = msgspec.json.encode(record.headers).decode() if record.headers else None
        # Zero bytes are not text to PostgreSQL, and an error may quote what it choked on.
        reason = "".join(traceback.format_exception(error)).replace("\0", "\\0")[-MAX_ERROR_CHARS:]
        place = (record.topic, record.partition, Decimal(record.offset))
        async with self._database.connection() as connection:
            await connection.execute(INSERT, group, *place, record.key, record.value, headers, reason)
