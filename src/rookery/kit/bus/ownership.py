"""Which member of a group reads which partitions, decided by PostgreSQL's session advisory locks alone.

A member holds a shared lock that says "I am here" and an exclusive one for each partition that it reads; pg_locks tells
how many members there are and what is free. Nothing is written, no clock is compared, and a member that dies is gone
the moment its connection is. Everybody takes at most ceil(partitions / members) and gives back what exceeds that, so a
newcomer has its share after two rounds of looking: the others' and its own.
"""

import random
from collections.abc import Sequence

from rookery.kit.bus.base import PARTITIONS
from rookery.kit.bus.session import Session

# First half of the two-part lock keys, plus the group's id; the second half is the partition or MEMBER_SLOT.
LOCK_CLASS = 0x62750000  # "bu"
MEMBER_SLOT = 1 << 16

LOOK = """
SELECT objid::bigint AS slot, pid = pg_backend_pid() AS mine
FROM pg_locks
WHERE locktype = 'advisory' AND objsubid = 2 AND granted AND classid = $1::bigint::oid
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
ANNOUNCE = "SELECT pg_advisory_lock_shared($1, $2)"
RELEASE = "SELECT pg_advisory_unlock($1, slot) FROM unnest($2::int[]) AS slot"
TAKE = "SELECT slot, pg_try_advisory_lock($1, slot) AS ours FROM unnest($2::int[]) AS slot"


class Ownership:
    """The partition numbers that one session holds, for all topics of its group alike."""

    def __init__(self, session: Session, group_id: int) -> None:
        self._session = session
        self._lock_class = LOCK_CLASS + group_id
        self.partitions: frozenset[int] = frozenset()

    async def join(self) -> None:
        """Be counted as a member. One round trip."""
        await self._session.fetch(ANNOUNCE, self._lock_class, MEMBER_SLOT)

    async def rebalance(self) -> frozenset[int]:
        """Give back what exceeds our share, take what is free up to it; return the partitions held now.

        One round trip when nothing changes, up to two more when something does.
        """
        rows = await self._session.fetch(LOOK, self._lock_class)
        members = sum(row["slot"] == MEMBER_SLOT for row in rows)
        share = -(-PARTITIONS // max(members, 1))
        free = sorted(set(range(PARTITIONS)) - {row["slot"] for row in rows})
        surplus = sorted(self.partitions)[share:]
        if surplus:
            await self._release(surplus)
        wanted = min(share - len(self.partitions), len(free))
        if wanted > 0:  # at random: two newcomers should not try the same ones
            await self._take(random.sample(free, wanted))
        return self.partitions

    async def _release(self, slots: Sequence[int]) -> None:
        self.partitions -= set(slots)
        await self._session.fetch(RELEASE, self._lock_class, slots)

    async def _take(self, slots: Sequence[int]) -> None:
        rows = await self._session.fetch(TAKE, self._lock_class, slots)
        self.partitions |= {row["slot"] for row in rows if row["ours"]}
