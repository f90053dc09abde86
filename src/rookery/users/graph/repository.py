"""The social graph in PostgreSQL.

Locks, in the order in which a command takes them, at most one of each kind, so that no two commands deadlock:
`lock_following` (the follower), `lock_pair` (both accounts), then rows.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager

import asyncpg
from msgspec import Struct

from rookery.contracts.users import Acquaintance, Followers, Reader
from rookery.kit.database import Connection, load_queries
from rookery.users.errors import UserNotFound

queries = load_queries(__file__)

FOLLOWEES_LOOKED_AT = 200
THEIR_FOLLOWEES = 200
VIA_MAX = 3

Pair = tuple[int, int]  # (follower id, followee id)
Place = tuple[int, int]  # (id of the follow, request, block or mute; id of the account listed)


class FollowState(Struct, frozen=True):
    """What stands between a follower and a followee. `used`: follows and requests that the follower has already."""

    protected: bool
    blocked: bool
    following: bool
    requested: bool
    used: int


@contextmanager
def existing_users() -> Iterator[None]:
    """A row that names nobody raises UserNotFound, and leaves the transaction broken."""
    try:
        yield
    except asyncpg.ForeignKeyViolationError as error:
        raise UserNotFound from error


async def readers(conn: Connection, ids: Sequence[int]) -> dict[int, Reader]:
    return {row["id"]: _reader(row) async for row in queries.readers(conn, ids=ids)}


async def followers_after(conn: Connection, user_id: int, after: int, limit: int) -> Followers:
    row = await queries.followers_after(conn, user_id=user_id, after=after, row_limit=limit)
    return Followers(row["follower_ids"], row["last"])


async def first_followers(conn: Connection, user_ids: Sequence[int], limit: int) -> dict[int, Followers]:
    rows = queries.first_followers(conn, user_ids=user_ids, row_limit=limit)
    return {row["followee_id"]: Followers(row["follower_ids"], row["last"]) async for row in rows}


async def acquaintances(conn: Connection, user_id: int, leave_out: Sequence[int], limit: int) -> list[Acquaintance]:
    rows = queries.acquaintances(
        conn,
        user_id=user_id,
        leave_out=leave_out,
        followees_max=FOLLOWEES_LOOKED_AT,
        theirs_max=THEIR_FOLLOWEES,
        via_max=VIA_MAX,
        row_limit=limit,
    )
    return [Acquaintance(row["user_id"], row["via"], row["via_count"], row["closeness"]) async for row in rows]


async def requested(conn: Connection, user_id: int) -> frozenset[int]:
    return frozenset([row["followee_id"] async for row in queries.requested(conn, user_id=user_id)])


async def lock_following(conn: Connection, user_id: int) -> None:
    await queries.lock_following(conn, user_id=user_id)


async def lock_pair(conn: Connection, one: int, other: int) -> None:
    await queries.lock_pair(conn, lower_id=min(one, other), higher_id=max(one, other))


async def lock_followee(conn: Connection, follower_id: int, followee_id: int) -> FollowState | None:
    """None when there is no such followee."""
    row = await queries.lock_followee(conn, follower_id=follower_id, followee_id=followee_id)
    return None if row is None else FollowState(**row)


async def lock_if_public(conn: Connection, user_id: int) -> bool:
    """Whether the account is not protected, and stays so until the transaction ends."""
    return await queries.lock_if_public(conn, user_id=user_id) is not None


async def insert_follows(
    conn: Connection, ids: Sequence[int], follower_ids: Sequence[int], followee_id: int
) -> list[int]:
    """The followers that are new; `ids` are those of the follows, in the order of `follower_ids`.

    Raises UserNotFound.
    """
    with existing_users():
        rows = queries.insert_follows(conn, ids=ids, follower_ids=follower_ids, followee_id=followee_id)
        return [row["follower_id"] async for row in rows]


async def follows(conn: Connection, follower_id: int, followee_id: int) -> bool:
    return bool(await queries.follows(conn, follower_id=follower_id, followee_id=followee_id))


async def delete_follow(conn: Connection, follower_id: int, followee_id: int) -> bool:
    return bool(await queries.delete_follow(conn, follower_id=follower_id, followee_id=followee_id))


async def insert_request(conn: Connection, request_id: int, follower_id: int, followee_id: int) -> bool:
    """Whether it is new; raises UserNotFound."""
    with existing_users():
        return bool(await queries.insert_request(conn, id=request_id, follower_id=follower_id, followee_id=followee_id))


async def delete_request(conn: Connection, follower_id: int, followee_id: int) -> bool:
    return bool(await queries.delete_request(conn, follower_id=follower_id, followee_id=followee_id))


async def take_requests(conn: Connection, followee_id: int, limit: int) -> list[int]:
    """Delete the oldest requests to an account; who made them, oldest first."""
    rows = [row async for row in queries.take_requests(conn, followee_id=followee_id, row_limit=limit)]
    return [row["follower_id"] for row in sorted(rows, key=lambda row: row["id"])]


async def delete_requests_between(conn: Connection, user_id: int, target_id: int) -> list[Pair]:
    rows = queries.delete_requests_between(conn, user_id=user_id, target_id=target_id)
    return [(row["follower_id"], row["followee_id"]) async for row in rows]


async def delete_follows_between(conn: Connection, user_id: int, target_id: int) -> list[Pair]:
    rows = queries.delete_follows_between(conn, user_id=user_id, target_id=target_id)
    return [(row["follower_id"], row["followee_id"]) async for row in rows]


async def insert_block(conn: Connection, block_id: int, user_id: int, target_id: int) -> bool:
    """Whether it is new; raises UserNotFound."""
    with existing_users():
        return bool(await queries.insert_block(conn, id=block_id, user_id=user_id, target_id=target_id))


async def delete_block(conn: Connection, user_id: int, target_id: int) -> bool:
    return bool(await queries.delete_block(conn, user_id=user_id, target_id=target_id))


async def insert_mute(conn: Connection, mute_id: int, user_id: int, target_id: int) -> bool:
    """Whether it is new; raises UserNotFound."""
    with existing_users():
        return bool(await queries.insert_mute(conn, id=mute_id, user_id=user_id, target_id=target_id))


async def delete_mute(conn: Connection, user_id: int, target_id: int) -> bool:
    return bool(await queries.delete_mute(conn, user_id=user_id, target_id=target_id))


async def followers_page(conn: Connection, user_id: int, viewer_id: int, before: int, limit: int) -> list[Place]:
    return await _places(
        queries.followers_page(conn, user_id=user_id, viewer_id=viewer_id, before=before, row_limit=limit)
    )


async def following_page(conn: Connection, user_id: int, viewer_id: int, before: int, limit: int) -> list[Place]:
    return await _places(
        queries.following_page(conn, user_id=user_id, viewer_id=viewer_id, before=before, row_limit=limit)
    )


async def requests_page(conn: Connection, user_id: int, before: int, limit: int) -> list[Place]:
    return await _places(queries.requests_page(conn, user_id=user_id, before=before, row_limit=limit))


async def blocks_page(conn: Connection, user_id: int, before: int, limit: int) -> list[Place]:
    return await _places(queries.blocks_page(conn, user_id=user_id, before=before, row_limit=limit))


async def mutes_page(conn: Connection, user_id: int, before: int, limit: int) -> list[Place]:
    return await _places(queries.mutes_page(conn, user_id=user_id, before=before, row_limit=limit))


async def _places(rows: AsyncIterator[asyncpg.Record]) -> list[Place]:
    return [(row["id"], row["user_id"]) async for row in rows]


def _reader(row: asyncpg.Record) -> Reader:
    following = frozenset(row["following"])
    return Reader(
        id=row["id"],
        # Numbers hash alike in every process. A follow that comes back brings a new id, so no old version returns.
        follows_version=hash((following, row["newest_follow"] or 0)),
        following=following,
        blocking=frozenset(row["blocking"]),
        blocked_by=frozenset(row["blocked_by"]),
        muting=frozenset(row["muting"]),
    )
