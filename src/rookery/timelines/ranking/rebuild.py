"""Makes the read models of ranking anew from users and posts: for seeded networks, and for acts older than the log.

What stands counts, with the weights and times that its events had; what was taken back left no trace there either.
"""

from collections.abc import Callable
from typing import Any, Final

from rookery.kit.database import Connection
from rookery.kit.ids import first_id_at, id_ms
from rookery.timelines.ranking.acts import Act, Changes, Written, written_acts
from rookery.timelines.ranking.decay import DAY_MS
from rookery.timelines.ranking.repository import GROUP, add, queries
from rookery.timelines.ranking.weights import LIKE, REPOST

KEPT_DAYS: Final = 180  # older acts have faded
ROWS_AT_ONCE: Final = 20_000


async def rebuild(connection: Connection, now_ms: int) -> int:
    """As of `now_ms`, in a transaction of its own or the one that is open; returns how many acts and posts were read.

    No worker may run meanwhile: what it learns in between would count twice or not at all.
    """
    bounds = {"above": first_id_at(now_ms - KEPT_DAYS * DAY_MS), "below": first_id_at(now_ms)}
    async with connection.transaction(isolation=None if connection.is_in_transaction() else "repeatable_read"):
        await queries.forget_learnt(connection)
        await queries.consume_logged(connection, consumer_group=GROUP)
        return sum(
            [
                await _learn(connection, queries.all_posts, changes_of_posts, bounds),
                await _learn(connection, queries.all_likes, changes_of(LIKE), bounds),
                await _learn(connection, queries.all_reposts, changes_of(REPOST), bounds),
            ]
        )


async def _learn(
    connection: Connection, statement: Any, changes_of: Callable[[list[Any]], Changes], bounds: dict[str, int]
) -> int:
    """By a cursor on the server, so that memory does not grow with the network."""
    cursor = await connection.cursor(statement.sql, bounds["above"], bounds["below"])
    read = 0
    while rows := await cursor.fetch(ROWS_AT_ONCE):
        await add(connection, changes_of(rows))
        read += len(rows)
    return read


def changes_of(weight: float) -> Callable[[list[Any]], Changes]:
    """Of rows with the id, user_id and post_id of acts that weigh so much."""
    return lambda rows: Changes([Act(row["user_id"], row["post_id"], weight, id_ms(row["id"])) for row in rows], [])


def changes_of_posts(rows: list[Any]) -> Changes:
    """Of rows with the id, author_id, reply_to_id and quote_of_id of posts."""
    changes = Changes([], [])
    for row in rows:
        changes.acts.extend(written_acts(row["author_id"], row["id"], row["reply_to_id"], row["quote_of_id"]))
        changes.written.append(Written(row["id"], row["author_id"], row["reply_to_id"] is not None, 1))
    return changes
