"""The only SQL of notifications. Whatever changes a user's groups holds the lock on that user's inbox."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from msgspec import Struct

from rookery.contracts.events import AnyEvent
from rookery.kit.database import Connection, Database, load_queries
from rookery.notifications.acts import Act, ActKey, Changes
from rookery.notifications.schemas import NotificationType

queries: Any = load_queries(__file__)

READ_BATCH = 500
ADDED_AT_ONCE = 500


async def fetch(query: Any, connection: Connection, **parameters: Any) -> list[Any]:
    """All rows of a named statement: aiosql hands them out one by one."""
    return [row async for row in query(connection, **parameters)]


class Group(Struct, frozen=True):
    """A row: `id` is the newest act's; `post_id` is 0 for none; `actor_ids` are at most 8, newest first."""

    group_id: int
    id: int
    type: NotificationType
    post_id: int
    count: int
    actor_ids: list[int]
    is_read: bool


class Announcement(Struct, frozen=True):
    """A group has a new act, `act_id`."""

    user_id: int
    group_id: int
    act_id: int


class NotificationRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def apply(
        self,
        events: Sequence[AnyEvent],
        fold: Callable[[list[AnyEvent]], Changes],
        existing_users: Collection[int],
    ) -> list[Announcement]:
        """Do what those events come to that this group has not acted on, in one transaction; returns what is new.

        `existing_users` are accounts known to exist, the only ones that are given an inbox.
        """
        async with self._database.transaction() as connection:
            rows = await fetch(queries.consume, connection, event_ids=[event.event_id for event in events])
            fresh = {row["event_id"] for row in rows}
            changes = fold([event for event in events if event.event_id in fresh])
            locked = await _lock(connection, changes, existing_users)
            await _delete_posts(connection, changes, locked)
            await _take_back(connection, changes)
            return await _add(connection, list(changes.additions.values()))

    async def find(self, acts: Sequence[Act]) -> list[Announcement]:
        """Those of the acts that stand."""
        async with self._database.connection() as connection:
            rows = await fetch(
                queries.find_acts, connection, **_columns([act.key for act in acts]), ids=[act.id for act in acts]
            )
            return [Announcement(*row) for row in rows]

    async def newest(self, user_id: int, before: int, limit: int) -> list[Group]:
        """At most `limit` groups below the id `before`, newest first."""
        async with self._database.connection() as connection:
            rows = await fetch(queries.newest, connection, user_id=user_id, before=before, max_groups=limit)
            return [_group(row) for row in rows]

    async def by_group(self, user_id: int, group_ids: Collection[int]) -> list[Group]:
        """Those of the groups that are still there, in no order."""
        async with self._database.connection() as connection:
            rows = await fetch(queries.by_group, connection, user_id=user_id, group_ids=list(group_ids))
            return [_group(row) for row in rows]

    async def count_unread(self, user_id: int, limit: int) -> int:
        """Unread groups, counted up to `limit`."""
        async with self._database.connection() as connection:
            return int(await queries.count_unread(connection, user_id=user_id, max_groups=limit))

    async def unread_actors(self, user_id: int, limit: int) -> list[list[int]]:
        """The newest actors of each of at most `limit` unread groups."""
        async with self._database.connection() as connection:
            rows = await fetch(queries.unread_actors, connection, user_id=user_id, max_groups=limit)
            return [row["actor_ids"] for row in rows]

    async def mark_read(self, user_id: int, up_to: int | None) -> None:
        """Mark what is unread now and has at most the id `up_to` (None: all), READ_BATCH per transaction."""
        async with self._database.connection() as connection:
            newest = await queries.newest_unread(connection, user_id=user_id)
        if newest is None:
            return
        bound = newest if up_to is None else min(up_to, newest)
        moved = READ_BATCH
        while moved == READ_BATCH:
            async with self._database.transaction() as connection:
                await fetch(queries.lock_inboxes, connection, user_ids=[user_id])
                rows = await fetch(queries.mark_read, connection, user_id=user_id, up_to=bound, max_groups=READ_BATCH)
                moved = len(rows)


async def _lock(connection: Connection, changes: Changes, existing_users: Collection[int]) -> list[int]:
    """Lock the inboxes of all whom the changes may touch; returns their ids. Authors of deleted posts get an inbox too,
    so that a like that is being added elsewhere is either seen by the deletion or sees it."""
    authors = {post.author_id for post in changes.deleted_posts.values()}
    users = {key.user_id for key in changes.additions} | authors
    others = {key.user_id for key in changes.removals} | {user_id for user_id, _ in changes.blocks}
    if changes.deleted_posts:
        rows = await fetch(queries.users_of_posts, connection, post_ids=list(changes.deleted_posts))
        others |= {row["user_id"] for row in rows}
    if not users | others:
        return []
    await queries.make_inboxes(connection, user_ids=sorted(users & set(existing_users)))
    rows = await fetch(queries.lock_inboxes, connection, user_ids=sorted(users | others))
    return [row["user_id"] for row in rows]


async def _delete_posts(connection: Connection, changes: Changes, locked: list[int]) -> None:
    if not changes.deleted_posts:
        return
    posts = list(changes.deleted_posts.values())
    post_ids = [post.post_id for post in posts]
    await queries.remember_deleted(connection, post_ids=post_ids, event_ids=[post.event_id for post in posts])
    await queries.drop_groups_of_posts(connection, post_ids=post_ids, user_ids=locked)


async def _take_back(connection: Connection, changes: Changes) -> None:
    gone = []
    if changes.removals:
        gone += await fetch(queries.delete_acts, connection, **_columns(changes.removals))
    if changes.blocks:
        pairs = sorted(changes.blocks)
        gone += await fetch(
            queries.delete_acts_between,
            connection,
            user_ids=[user_id for user_id, _ in pairs],
            actor_ids=[actor_id for _, actor_id in pairs],
        )
    if gone:
        places = {"user_ids": [row["user_id"] for row in gone], "group_ids": [row["group_id"] for row in gone]}
        await queries.take_from_groups(connection, **places)
        await queries.delete_empty_groups(connection, **places)


async def _add(connection: Connection, acts: Sequence[Act]) -> list[Announcement]:
    """In chunks, because the statement joins what it adds with the groups that it opens."""
    added: list[Announcement] = []
    for start in range(0, len(acts), ADDED_AT_ONCE):
        some = acts[start : start + ADDED_AT_ONCE]
        columns = _columns([act.key for act in some])
        ids, types = [act.id for act in some], [act.type for act in some]
        rows = await fetch(queries.add_acts, connection, **columns, ids=ids, types=types)
        added += [Announcement(*row) for row in rows]
    return added


def _columns(keys: Collection[ActKey]) -> dict[str, list[Any]]:
    return {
        "user_ids": [key.user_id for key in keys],
        "actor_ids": [key.actor_id for key in keys],
        "kinds": [key.kind for key in keys],
        "object_ids": [key.object_id for key in keys],
    }


def _group(row: Any) -> Group:
    return Group(
        group_id=row["group_id"],
        id=row["id"],
        type=NotificationType(row["type"]),
        post_id=row["post_id"],
        count=row["count"],
        actor_ids=row["actor_ids"],
        is_read=row["is_read"],
    )
