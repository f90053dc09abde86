"""Accounts and their counters in PostgreSQL: rows in, structs out."""

from collections.abc import Sequence
from typing import Any

import asyncpg
from msgspec import Struct

from rookery.contracts.users import Author, PictureSlot, Profile, UserBrief
from rookery.kit.database import Connection, load_queries
from rookery.kit.ids import format_id_time
from rookery.users.schemas import Me, Relationship, User

queries = load_queries(__file__)


class EditableProfile(Struct, frozen=True, kw_only=True):
    """What the owner of an account may change about it."""

    display_name: str
    bio: str
    location: str
    website: str | None
    protected: bool
    alt_reminder: bool


class Delta(Struct, frozen=True, kw_only=True):
    """What one event adds to the counters of one account."""

    event_id: int
    user_id: int
    followers: int = 0
    following: int = 0
    posts: int = 0


async def users_by_id(conn: Connection, viewer_id: int, ids: Sequence[int]) -> dict[int, User]:
    """The accounts that exist, each with the viewer's relation to it; 0 is a signed-out viewer."""
    rows = queries.profiles(conn, viewer_id=viewer_id, ids=ids, usernames=[])
    return {row["id"]: _user(row, viewer_id) async for row in rows}


async def user_by_username(conn: Connection, viewer_id: int, username: str) -> User | None:
    rows = [row async for row in queries.profiles(conn, viewer_id=viewer_id, ids=[], usernames=[username.lower()])]
    return _user(rows[0], viewer_id) if rows else None


async def me(conn: Connection, user_id: int) -> Me | None:
    """An account as its owner sees it, None when there is no such account."""
    rows = [row async for row in queries.profiles(conn, viewer_id=0, ids=[user_id], usernames=[])]
    if not rows:
        return None
    own = {name: rows[0][name] for name in ("email", "email_verified", "alt_reminder")}
    return Me(**_fields(rows[0]), **own)


async def relationship(conn: Connection, viewer_id: int, user_id: int) -> Relationship | None:
    """How a viewer stands to another account, None when that does not exist."""
    rows = [row async for row in queries.profiles(conn, viewer_id=viewer_id, ids=[user_id], usernames=[])]
    return _relationship(rows[0]) if rows else None


async def authors(conn: Connection, ids: Sequence[int]) -> dict[int, Author]:
    return {row["id"]: _author(row) async for row in queries.authors(conn, ids=ids)}


async def stored_profiles(conn: Connection, ids: Sequence[int]) -> list[Profile]:
    return [Profile(**row) async for row in queries.stored_profiles(conn, ids=ids)]


async def stored_profiles_after(conn: Connection, after: int, limit: int) -> list[Profile]:
    """Ascending by id."""
    return [Profile(**row) async for row in queries.stored_profiles_after(conn, after=after, row_limit=limit)]


async def ids_by_username(conn: Connection, usernames: Sequence[str]) -> dict[str, int]:
    """Ids by lower-case username, of names given in lower case."""
    return {row["username"]: row["id"] async for row in queries.ids_by_username(conn, usernames=usernames)}


async def lock_profile(conn: Connection, user_id: int) -> EditableProfile | None:
    """The profile, locked against other changes until the transaction ends."""
    row = await queries.lock_profile(conn, user_id=user_id)
    return None if row is None else EditableProfile(**row)


async def update_profile(conn: Connection, user_id: int, profile: EditableProfile) -> None:
    await queries.update_profile(
        conn,
        user_id=user_id,
        display_name=profile.display_name,
        bio=profile.bio,
        location=profile.location,
        website=profile.website,
        protected=profile.protected,
        alt_reminder=profile.alt_reminder,
    )


async def set_picture(conn: Connection, user_id: int, slot: PictureSlot, url: str | None) -> bool:
    """Whether that changed anything."""
    if slot == "avatar":
        return bool(await queries.set_avatar(conn, user_id=user_id, url=url))
    return bool(await queries.set_header(conn, user_id=user_id, url=url))


async def count_events(conn: Connection, group: str, deltas: Sequence[Delta]) -> dict[int, int]:
    """Count each event once, whatever is replayed; the new number of followers of each account that changed."""
    rows = queries.count_events(
        conn,
        consumer_group=group,
        event_ids=[delta.event_id for delta in deltas],
        user_ids=[delta.user_id for delta in deltas],
        followers=[delta.followers for delta in deltas],
        following=[delta.following for delta in deltas],
        posts=[delta.posts for delta in deltas],
    )
    return {row["user_id"]: row["followers_count"] async for row in rows}


async def pulled_authors(conn: Connection) -> frozenset[int]:
    return frozenset([row["id"] async for row in queries.pulled_authors(conn)])


async def most_followed(conn: Connection, limit: int) -> list[tuple[int, int]]:
    rows = queries.most_followed(conn, row_limit=limit)
    return [(row["user_id"], row["followers_count"]) async for row in rows]


async def mark_pulled(conn: Connection, ids: Sequence[int]) -> list[int]:
    """Turn authors into pulled ones; the ids of those that were not yet."""
    return [row["id"] async for row in queries.mark_pulled(conn, ids=ids)]


def _author(row: asyncpg.Record) -> Author:
    brief = UserBrief(str(row["id"]), row["username"], row["display_name"], row["avatar_url"], row["protected"])
    return Author(row["id"], brief, row["protected"], row["pulled"])


def _user(row: asyncpg.Record, viewer_id: int) -> User:
    viewer = None if viewer_id in (0, row["id"]) else _relationship(row)
    return User(**_fields(row), viewer=viewer)


def _fields(row: asyncpg.Record) -> dict[str, Any]:
    return {
        "id": str(row["id"]),
        "username": row["username"],
        "display_name": row["display_name"],
        "avatar_url": row["avatar_url"],
        "protected": row["protected"],
        "bio": row["bio"],
        "location": row["location"],
        "website": row["website"],
        "header_url": row["header_url"],
        "created_at": format_id_time(row["id"]),
        "followers_count": row["followers_count"],
        "following_count": row["following_count"],
        "posts_count": row["posts_count"],
    }


def _relationship(row: asyncpg.Record) -> Relationship:
    return Relationship(
        following=row["following"],
        followed_by=row["followed_by"],
        requested=row["requested"],
        blocking=row["blocking"],
        blocked_by=row["blocked_by"],
        muting=row["muting"],
    )
