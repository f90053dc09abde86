"""Upkeep of what the kit keeps in PostgreSQL: partitions made ahead, old rows and parts taken away."""

from rookery.kit.bus.retention import maintain
from rookery.kit.database import Database
from rookery.kit.jobs import Job

MONTHS_AHEAD = 3
IDEMPOTENCY_DAYS = 2

# Bounded, so that a long backlog never holds locks for long; the job comes back.
FORGET_ANSWERS = """
DELETE FROM kit.idempotency_keys WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM kit.idempotency_keys WHERE created_at < now() - make_interval(days => $1) LIMIT 5000
))
"""
OLD_PARTS = """
SELECT inhrelid::regclass::text FROM pg_inherits
WHERE inhparent = 'kit.consumed'::regclass
    AND right(inhrelid::regclass::text, 6) < to_char(now() - interval '40 days', 'YYYYMM')
"""


def jobs(database: Database) -> list[Job]:
    """The jobs of the kit itself. The log's is frequent, because its parts are made by transaction counts."""

    async def keep_log() -> None:
        async with database.connection() as connection:
            await maintain(connection)

    async def keep_partitions() -> None:
        async with database.connection() as connection:
            for table in ("posts.posts", "kit.consumed"):
                await connection.execute(
                    "SELECT kit.make_month_partitions($1::text::regclass, now(), $2)", table, MONTHS_AHEAD
                )
            for (part,) in await connection.fetch(OLD_PARTS):
                await connection.execute(f"DROP TABLE {part}")

    async def forget_answers() -> None:
        async with database.connection() as connection:
            await connection.execute(FORGET_ANSWERS, IDEMPOTENCY_DAYS)

    return [
        Job("bus.maintain", 300, keep_log),
        Job("partitions", 6 * 3600, keep_partitions),
        Job("idempotency", 600, forget_answers),
    ]
