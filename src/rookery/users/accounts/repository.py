"""The SQL of accounts: rows in, structs out. Functions take the connection: use cases choose the transaction."""

from datetime import datetime
from typing import Any

import asyncpg
from msgspec import Struct

from rookery.kit.database import Connection, load_queries, violated_constraint
from rookery.kit.ids import format_time
from rookery.kit.problems import Conflict
from rookery.users.accounts.errors import EmailTaken, UsernameTaken
from rookery.users.schemas import Me

SESSIONS_MAX = 100  # of one user at once; the oldest ends when one more starts

_queries = load_queries(__file__)


class Credentials(Struct, frozen=True):
    """What a sign-in is checked against."""

    user_id: int
    username: str
    email: str
    password_hash: str


class SessionStart(Struct, frozen=True, kw_only=True):
    """A session to be started. `password_hash` is the one that was verified, `new_password_hash` may replace it."""

    session_id: int
    user_id: int
    password_hash: str
    new_password_hash: str | None
    lifetime_s: int
    user_agent: str
    ip_address: str
    refresh_hash: bytes


class Rotation(Struct, frozen=True):
    """A refresh token (by its digest) that was replaced, and the salt from which its successor was derived."""

    digest: bytes
    salt: bytes
    at: datetime


class SessionRow(Struct, frozen=True):
    """A live session as a refresh needs it; `rotations` oldest first, `now` is the transaction's time."""

    id: int
    user_id: int
    expires_at: datetime
    refresh_hash: bytes
    rotations: list[Rotation]
    now: datetime


class SessionInfo(Struct, frozen=True):
    """A live session as its owner sees it."""

    id: int
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    user_agent: str
    ip_address: str


class MailTokenRow(Struct, frozen=True):
    """An unexpired token of a mailed link, and its account."""

    user_id: int
    email: str
    username: str
    password_hash: str


async def insert_account(conn: Connection, user_id: int, username: str, email: str, password_hash: str) -> None:
    """Raises UsernameTaken or EmailTaken; the transaction is then of no more use."""
    try:
        await _queries.insert_account(
            conn, user_id=user_id, username=username, email=email, password_hash=password_hash
        )
    except asyncpg.UniqueViolationError as error:
        refusals: dict[str, type[Conflict]] = {"users_username_key": UsernameTaken, "users_email_key": EmailTaken}
        refusal = refusals.get(violated_constraint(error))
        if refusal is None:
            raise
        raise refusal() from error


async def load_me(conn: Connection, user_id: int) -> Me | None:
    row = await _queries.me(conn, user_id=user_id)
    if row is None:
        return None
    fields: dict[str, Any] = dict(row)
    fields["id"] = str(row["id"])
    fields["created_at"] = format_time(row["created_at"])
    return Me(**fields)


async def find_credentials(conn: Connection, login: str) -> Credentials | None:
    """By the key that `rules.login_key` makes of a login."""
    find = _queries.credentials_by_email if "@" in login else _queries.credentials_by_username
    return _credentials(await find(conn, login=login))


async def load_credentials(conn: Connection, user_id: int) -> Credentials | None:
    return _credentials(await _queries.credentials_by_id(conn, user_id=user_id))


def _credentials(row: Any) -> Credentials | None:
    return None if row is None else Credentials(row["id"], row["username"], row["email"], row["password_hash"])


async def start_session(conn: Connection, start: SessionStart) -> list[int] | None:
    """The ids of the sessions that ended to make room, or None when the password has changed meanwhile."""
    row = await _queries.start_session(
        conn,
        user_id=start.user_id,
        password_hash=start.password_hash,
        new_password_hash=start.new_password_hash,
        session_id=start.session_id,
        lifetime_s=float(start.lifetime_s),
        user_agent=start.user_agent,
        ip_address=start.ip_address,
        refresh_hash=start.refresh_hash,
        keep=SESSIONS_MAX,
    )
    return list(row["ended"]) if row["started"] else None


async def lock_session(conn: Connection, session_id: int) -> SessionRow | None:
    """A live session, locked until the transaction ends."""
    row = await _queries.lock_session(conn, session_id=session_id)
    if row is None:
        return None
    recent = zip(row["recent_hashes"], row["recent_salts"], row["recent_at"], strict=True)
    rotations = [Rotation(*values) for values in recent]
    return SessionRow(row["id"], row["user_id"], row["expires_at"], row["refresh_hash"], rotations, row["now"])


async def rotate_session(
    conn: Connection,
    session_id: int,
    *,
    refresh_hash: bytes,
    rotations: list[Rotation],
    user_agent: str,
    ip_address: str,
) -> None:
    """Put the next refresh token in force. Call with the session locked."""
    await _queries.rotate_session(
        conn,
        session_id=session_id,
        refresh_hash=refresh_hash,
        recent_hashes=[rotation.digest for rotation in rotations],
        recent_salts=[rotation.salt for rotation in rotations],
        recent_at=[rotation.at for rotation in rotations],
        user_agent=user_agent,
        ip_address=ip_address,
    )


async def list_sessions(conn: Connection, user_id: int) -> list[SessionInfo]:
    """Last used first, at most SESSIONS_MAX."""
    return [SessionInfo(*row.values()) async for row in _queries.list_sessions(conn, user_id=user_id)]


async def delete_session(conn: Connection, user_id: int, session_id: int) -> bool:
    return await _queries.delete_session(conn, user_id=user_id, session_id=session_id) is not None


async def delete_sessions(conn: Connection, user_id: int, *, except_id: int = 0) -> list[int]:
    """End all sessions of a user but one; returns the ids of those that ended."""
    return [row["id"] async for row in _queries.delete_sessions(conn, user_id=user_id, except_id=except_id)]


async def set_password(conn: Connection, user_id: int, old_hash: str, new_hash: str) -> bool:
    """Whether it was done; False when the password was changed by someone else in between."""
    changed = await _queries.set_password(conn, user_id=user_id, old_password_hash=old_hash, new_password_hash=new_hash)
    return changed is not None


async def find_mail_token(conn: Connection, token_hash: bytes, purpose: str) -> MailTokenRow | None:
    row = await _queries.mail_token(conn, token_hash=token_hash, purpose=purpose)
    return None if row is None else MailTokenRow(*row.values())


async def use_mail_tokens(conn: Connection, user_id: int, purpose: str, token_hash: bytes = b"") -> bool:
    """Void all of a user's tokens for one purpose; whether the given one was among them, as it can be used only once.

    Who also changes the account does that first: everybody locks the account, then tokens, then sessions.
    """
    rows = [row async for row in _queries.use_mail_tokens(conn, user_id=user_id, purpose=purpose)]
    return any(row["token_hash"] == token_hash for row in rows)


async def verify_email(conn: Connection, user_id: int, email: str) -> None:
    await _queries.verify_email(conn, user_id=user_id, email=email)


async def purge(conn: Connection) -> None:
    """Delete what has expired. Three statements."""
    await _queries.purge_sessions(conn)
    await _queries.purge_mail_tokens(conn)
    await _queries.purge_dead_mails(conn)
