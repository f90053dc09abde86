"""Holding consumers of the log between what they have done and moving their position behind it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.faults.machine import Machine, until

# Conflicts with an UPDATE; unlike a lock on rows it takes no transaction id, which would hold the log's watermark.
HOLD = "LOCK TABLE bus.positions IN SHARE MODE"
# Members that wait for it. A session has one statement at a time, so what they want to commit is done.
WAITING = "SELECT count(*) FROM pg_locks WHERE relation = 'bus.positions'::regclass AND NOT granted"
# A server process does not look whether its client still lives while it waits: it would move the position after all.
END_WAITING = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_locks WHERE relation = 'bus.positions'::regclass AND NOT granted
"""


@asynccontextmanager
async def before_positions_move(machine: Machine, groups: int) -> AsyncIterator[None]:
    """Within the block, members of so many groups have handled a batch, and none has moved its position behind it.

    Kill them there: after the block, positions may move again, but not by those who waited.
    """
    async with machine.database() as connection, connection.transaction():
        await connection.execute(HOLD)

        async def held() -> bool:
            return bool(await connection.fetchval(WAITING) >= groups)

        await until(held)
        yield
        assert all(row[0] for row in await connection.fetch(END_WAITING))
