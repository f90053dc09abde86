"""The writing end of the log: events become rows in the transaction that causes them."""

from collections.abc import Sequence

import msgspec

from rookery.kit.bus.base import Message, partition_of
from rookery.kit.database import Connection

# Ordinality keeps the caller's order: `position` is handed out row by row.
INSERT = """
INSERT INTO bus.outbox (topic, partition, key, value, headers)
SELECT topic, partition, key, value, headers::jsonb
FROM unnest($1::text[], $2::smallint[], $3::bigint[], $4::bytea[], $5::text[])
    WITH ORDINALITY AS m (topic, partition, key, value, headers, nth)
ORDER BY nth
"""


async def append(conn: Connection, messages: Sequence[Message]) -> None:
    """Add messages to the log in the caller's transaction: readers see all of them after its commit, or none.

    One round trip, however many messages. Afterwards, and after the commit, call `Waker.wake()`.
    """
    if not messages:
        return
    await conn.execute(
        INSERT,
        [message.topic for message in messages],
        [partition_of(message.key) for message in messages],
        [message.key for message in messages],
        [message.value for message in messages],
        [msgspec.json.encode(message.headers).decode() if message.headers else None for message in messages],
    )
