"""Sessions after sign-in: refresh, list, end."""

import contextlib
from datetime import timedelta
from typing import Final

import structlog
from msgspec import Struct

from rookery.kit.database import Connection
from rookery.kit.ids import format_time
from rookery.kit.resources import Resources
from rookery.users.accounts import repository
from rookery.users.accounts.device import Device
from rookery.users.accounts.errors import RefreshTokenInvalid, RefreshTokenReused, SessionNotFound
from rookery.users.accounts.grants import Grants, Issued
from rookery.users.accounts.refresh_tokens import RefreshToken, new_salt
from rookery.users.accounts.repository import Rotation, SessionInfo, SessionRow
from rookery.users.accounts.schemas import Session
from rookery.users.schemas import Me

# Tabs refresh at once, or an answer is lost and the request repeated: a token is good for this long after it was
# replaced, and brings the token that holds now. The time runs from the replacement, however often it is shown.
GRACE: Final = timedelta(seconds=30)
RECENT_MAX: Final = 10  # rotations that are remembered of that time


log = structlog.get_logger(__name__)


class _Refreshed(Struct, frozen=True):
    me: Me
    refresh: RefreshToken
    lifetime_s: int


class Sessions:
    def __init__(self, resources: Resources, grants: Grants) -> None:
        self._database = resources.database
        self._grants = grants

    async def refresh(self, text: str, device: Device) -> Issued:
        """The next tokens of a session. Raises RefreshTokenInvalid, and RefreshTokenReused having ended the session."""
        token = self._grants.refresh_tokens.decode(text)
        if token is None:
            raise RefreshTokenInvalid()
        async with self._grants.ending() as (conn, ended):
            refreshed = await self._rotate(conn, token, device)
            if refreshed is None:
                ended.append(token.session_id)
        if refreshed is None:
            log.warning("session.refresh_token_reused", session_id=token.session_id)
            raise RefreshTokenReused()
        return await self._grants.issue(refreshed.me, refreshed.refresh, lifetime_s=refreshed.lifetime_s)

    async def _rotate(self, conn: Connection, token: RefreshToken, device: Device) -> _Refreshed | None:
        """None when an old token was shown and the session is therefore deleted: the caller must commit that."""
        session = await repository.lock_session(conn, token.session_id)
        if session is None:
            raise RefreshTokenInvalid()
        if token.digest == session.refresh_hash:
            successor = await self._replace(conn, session, token, device)
        elif later := _rotations_since(token, session):
            successor = token
            for rotation in later:
                successor = self._grants.refresh_tokens.successor(successor, rotation.salt)
        elif token.sealed:
            await repository.delete_session(conn, session.user_id, session.id)
            return None
        else:
            raise RefreshTokenInvalid()
        me = await self._grants.load_me(conn, session.user_id)
        return _Refreshed(me, successor, int((session.expires_at - session.now).total_seconds()))

    async def _replace(
        self, conn: Connection, session: SessionRow, token: RefreshToken, device: Device
    ) -> RefreshToken:
        salt = new_salt()
        recent = [rotation for rotation in session.rotations if session.now - rotation.at <= GRACE]
        rotations = [*recent, Rotation(token.digest, salt, session.now)][-RECENT_MAX:]
        successor = self._grants.refresh_tokens.successor(token, salt)
        await repository.rotate_session(
            conn,
            token.session_id,
            refresh_hash=successor.digest,
            rotations=rotations,
            user_agent=device.user_agent,
            ip_address=device.ip_address,
        )
        return successor

    async def list_of(self, user_id: int, current_id: int) -> list[Session]:
        """Last used first."""
        async with self._database.connection() as conn:
            rows = await repository.list_sessions(conn, user_id)
        return [_render(row, current_id) for row in rows]

    async def end(self, user_id: int, session_id: int) -> None:
        """Raises SessionNotFound for one that is not the user's. In force everywhere within a second."""
        async with self._grants.ending() as (conn, ended):
            if not await repository.delete_session(conn, user_id, session_id):
                raise SessionNotFound("You have no such session.")
            ended.append(session_id)

    async def end_if_there(self, user_id: int, session_id: int) -> None:
        """As `end`, for one that may have ended already."""
        with contextlib.suppress(SessionNotFound):
            await self.end(user_id, session_id)

    async def end_others(self, user_id: int, current_id: int) -> None:
        async with self._grants.ending() as (conn, ended):
            ended += await repository.delete_sessions(conn, user_id, except_id=current_id)

    async def end_by_token(self, text: str) -> None:
        """Sign out with a refresh token, current or just replaced. Nothing happens when it is neither."""
        token = self._grants.refresh_tokens.decode(text)
        if token is None:
            return
        async with self._grants.ending() as (conn, ended):
            session = await repository.lock_session(conn, token.session_id)
            if session is None or not (token.digest == session.refresh_hash or token.sealed):
                return
            await repository.delete_session(conn, session.user_id, session.id)
            ended.append(session.id)


def _rotations_since(token: RefreshToken, session: SessionRow) -> list[Rotation]:
    """The rotations that lead from a token replaced within GRACE to the one that holds; [] for any other."""
    for index, rotation in enumerate(session.rotations):
        if rotation.digest == token.digest and session.now - rotation.at <= GRACE:
            return session.rotations[index:]
    return []


def _render(row: SessionInfo, current_id: int) -> Session:
    return Session(
        id=str(row.id),
        created_at=format_time(row.created_at),
        last_used_at=format_time(row.last_used_at),
        expires_at=format_time(row.expires_at),
        user_agent=row.user_agent,
        ip_address=row.ip_address,
        current=row.id == current_id,
    )
