"""Keeps each user's notifications bounded: the newest 2,000 groups of the last 90 days, in small transactions."""

from typing import Final

from rookery.kit.ids import first_id_at, wall_clock_ms
from rookery.kit.jobs import Job
from rookery.kit.resources import Resources
from rookery.notifications.repository import fetch, queries

DAY_MS: Final = 24 * 3600 * 1000
KEPT_GROUPS = 2_000
KEPT_DAYS = 90
DELETED_POSTS_DAYS = 7
USERS_AT_ONCE = 100
GROUPS_AT_ONCE = 1_000
ACTS_AT_ONCE = 5_000


def jobs(resources: Resources) -> list[Job]:
    return [Job("notifications.maintain", 6 * 3600, lambda: maintain(resources))]


async def maintain(resources: Resources, *, kept_groups: int = KEPT_GROUPS, kept_days: int = KEPT_DAYS) -> None:
    """Take away what is too old or too much, and what deleted posts left behind."""
    oldest_id = first_id_at(wall_clock_ms() - kept_days * DAY_MS)
    after = 0
    while user_ids := await _users_after(resources, after):
        while await _prune(resources, user_ids, oldest_id, kept_groups) == GROUPS_AT_ONCE:
            pass
        after = user_ids[-1]
    while await _sweep(resources):
        pass
    async with resources.database.connection() as connection:
        before = first_id_at(wall_clock_ms() - DELETED_POSTS_DAYS * DAY_MS)
        await queries.forget_deleted(connection, before=before)


async def _users_after(resources: Resources, after: int) -> list[int]:
    async with resources.database.connection() as connection:
        rows = await fetch(queries.inboxes_after, connection, after=after, max_users=USERS_AT_ONCE)
    return [row["user_id"] for row in rows]


async def _prune(resources: Resources, user_ids: list[int], oldest_id: int, kept_groups: int) -> int:
    """How many groups went."""
    async with resources.database.transaction() as connection:
        await fetch(queries.lock_inboxes, connection, user_ids=user_ids)
        rows = await fetch(
            queries.prune,
            connection,
            user_ids=user_ids,
            oldest_id=oldest_id,
            kept=kept_groups,
            max_groups=GROUPS_AT_ONCE,
        )
    return len(rows)


async def _sweep(resources: Resources) -> bool:
    """Take the acts of some dropped groups away; False when there are no dropped groups."""
    async with resources.database.connection() as connection:
        rows = await fetch(queries.some_dropped, connection, max_groups=GROUPS_AT_ONCE)
        places = {"user_ids": [row["user_id"] for row in rows], "group_ids": [row["group_id"] for row in rows]}
        while (
            len(await fetch(queries.delete_dropped_acts, connection, **places, max_acts=ACTS_AT_ONCE)) == ACTS_AT_ONCE
        ):
            pass
        await queries.forget_dropped(connection, **places)
    return bool(rows)
