"""What every way of signing in ends in: a session, its refresh token, an access token, and who one is."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from msgspec import Struct

from rookery.kit.database import Connection
from rookery.kit.problems import Unauthenticated
from rookery.kit.resources import Resources
from rookery.kit.signing_keys import SigningKeys
from rookery.kit.tokens import sign_access_token
from rookery.users.accounts import repository
from rookery.users.accounts.device import Device
from rookery.users.accounts.refresh_tokens import RefreshToken, RefreshTokens
from rookery.users.accounts.schemas import AuthGrant
from rookery.users.schemas import Me


class Opened(Struct, frozen=True):
    """A session that was started in a transaction: `ended` are the ids of those that had to make room."""

    session_id: int
    refresh: RefreshToken
    ended: list[int]


class Issued(Struct, frozen=True):
    """A grant and the number of seconds that its refresh token may live at most, for the cookie."""

    grant: AuthGrant
    session_lifetime_s: int


class Grants:
    """Starts sessions and signs for them."""

    def __init__(self, resources: Resources, keys: SigningKeys) -> None:
        self.refresh_tokens = RefreshTokens(resources.settings.secret_key)
        self._resources = resources
        self._settings = resources.settings
        self._keys = keys

    async def open_session(
        self,
        conn: Connection,
        user_id: int,
        device: Device,
        *,
        password_hash: str,
        new_password_hash: str | None = None,
    ) -> Opened | None:
        """Start a session for whoever knew the password of `password_hash`; None when it is no longer the password."""
        session_id = self._resources.ids.next()
        refresh = self.refresh_tokens.first(session_id)
        ended = await repository.start_session(
            conn,
            repository.SessionStart(
                session_id=session_id,
                user_id=user_id,
                password_hash=password_hash,
                new_password_hash=new_password_hash,
                lifetime_s=self._settings.session_ttl_s,
                user_agent=device.user_agent,
                ip_address=device.ip_address,
                refresh_hash=refresh.digest,
            ),
        )
        return None if ended is None else Opened(session_id, refresh, ended)

    async def load_me(self, conn: Connection, user_id: int) -> Me:
        """Raises Unauthenticated when the account is gone."""
        me = await repository.load_me(conn, user_id)
        if me is None:
            raise Unauthenticated("This account no longer exists.")
        return me

    async def issue(self, me: Me, refresh: RefreshToken, *, lifetime_s: int | None = None) -> Issued:
        """Call after the commit: what is signed here must hold."""
        key = await self._keys.signer()
        grant = AuthGrant(
            user=me,
            access_token=sign_access_token(key, self._settings, int(me.id), refresh.session_id),
            refresh_token=self.refresh_tokens.encode(refresh),
            expires_in=self._settings.access_token_ttl_s,
        )
        return Issued(grant, self._settings.session_ttl_s if lifetime_s is None else lifetime_s)

    @asynccontextmanager
    async def ending(self) -> AsyncIterator[tuple[Connection, list[int]]]:
        """A transaction and a list: sessions whose ids are put there have ended for every process when it is over.

        They are announced even when the commit fails or the request is cancelled: then it may have been done, and if it
        was not, an announcement only makes processes ask PostgreSQL once more.
        """
        ended: list[int] = []
        try:
            async with self._resources.database.transaction() as conn:
                yield conn, ended
        finally:
            if ended:
                keys = [f"session:{session_id}" for session_id in ended]
                await asyncio.shield(self._resources.invalidations.publish(*keys))
