"""Access tokens: JWT (RFC 7519) signed with Ed25519 (`EdDSA`, RFC 8037), typed `at+jwt` (RFC 9068), short-lived.

A verified token is remembered in the process, so that a hot request costs one dict look-up. What may end it early is
its session being revoked: heard as the invalidation `session:<id>` over Valkey. While that connection is away, and for
every token seen first or again after a gap, PostgreSQL is asked whether the session lives; see CONFIRMED_S.
"""

import asyncio
import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final

import jwt
from msgspec import Struct

from rookery.kit.identity import Claims
from rookery.kit.problems import Unauthenticated
from rookery.kit.resources import Resources
from rookery.kit.settings import Settings
from rookery.kit.signing_keys import SigningKey
from rookery.kit.verifying_keys import KeySource

ALGORITHM: Final = "EdDSA"
TYPE: Final = "at+jwt"
AUDIENCE: Final = "rookery"
TOKEN_MAX_CHARS: Final = 2048
LEEWAY_S: Final = 5  # clocks of our own processes
REQUIRED: Final = ["iss", "aud", "sub", "sid", "iat", "exp", "jti"]

# How long "this session lives" is believed. With Valkey a revocation is heard; a minute bounds what a publication costs
# that was lost with its process. Without, revocation must still hold within a second, loading included.
CONFIRMED_S: Final = 60.0
CONFIRMED_ALONE_S: Final = 0.75
REMEMBERED_MAX: Final = 50_000  # about 30 MB

# A view of users.sessions, so that every service may ask. Index: sessions_pkey.
LIVE_SESSION = "SELECT user_id FROM kit.sessions WHERE id = $1 AND expires_at > now()"


class _Remembered(Struct):
    """A token whose signature was good; `confirmed_until` (monotonic seconds) is for its session."""

    claims: Claims
    confirmed_until: float


class _Check(Struct, eq=False):
    """A question to PostgreSQL under way; `overtaken` when its answer may be older than what was heard since."""

    task: "asyncio.Task[int | None]"
    started_at: float
    overtaken: bool = False


def sign_access_token(key: SigningKey, settings: Settings, user_id: int, session_id: int) -> str:
    """A token that lives `settings.access_token_ttl_s` seconds."""
    now = int(time.time())
    claims = {
        "iss": settings.public_url,
        "aud": AUDIENCE,
        "sub": str(user_id),
        "sid": str(session_id),
        "iat": now,
        "exp": now + settings.access_token_ttl_s,
        "jti": secrets.token_urlsafe(12),
    }
    return jwt.encode(claims, key.private, algorithm=ALGORITHM, headers={"kid": key.kid, "typ": TYPE})


class TokenVerifier:
    """Tells whose an access token is. One per process; not thread-safe.

    Try `verify_cached` first, and `verify` when it returns None.
    """

    def __init__(self, resources: Resources, keys: KeySource) -> None:
        self.keys = keys
        self._database = resources.database
        self._settings = resources.settings
        self._cache = resources.cache
        self._remembered: OrderedDict[bytes, _Remembered] = OrderedDict()
        self._of_session: dict[int, set[bytes]] = {}
        self._checks: dict[int, _Check] = {}
        self._on_session: list[Callable[[], None]] = []
        resources.invalidations.listen("session", self._forget_session)
        resources.invalidations.listen("signing_keys", self._forget_keys)
        resources.cache.on_connection(self._forget_all)

    def on_session(self, listener: Callable[[], None]) -> None:
        """Call it whenever a session is looked up: somebody is here."""
        self._on_session.append(listener)

    def verify_cached(self, token: str) -> Claims | None:
        """The claims of a token that is remembered and still believed; None means: ask `verify`."""
        remembered = self._remembered.get(_digest(token))
        if remembered is None or remembered.confirmed_until <= time.monotonic():
            return None
        return remembered.claims if remembered.claims.expires_at > time.time() else None

    async def verify(self, token: str) -> Claims:
        """The claims of a valid token of a live session.

        Raises Unauthenticated with code `token_invalid`, `token_expired` or `session_revoked`, and Unavailable when
        PostgreSQL is needed and away.
        """
        if (claims := self.verify_cached(token)) is not None:
            return claims
        digest = _digest(token)
        remembered = self._remembered.get(digest)
        claims = remembered.claims if remembered is not None else await self._check_signature(token)
        if claims.expires_at <= time.time():
            self._forget(digest)
            raise Unauthenticated("The access token has expired; refresh it.", code="token_expired")
        await self._check_session(digest, claims)
        return claims

    async def _check_signature(self, token: str) -> Claims:
        try:
            if len(token) > TOKEN_MAX_CHARS:
                raise jwt.InvalidTokenError("too long")
            header = jwt.get_unverified_header(token)
            if header.get("alg") != ALGORITHM or header.get("typ") != TYPE or not isinstance(header.get("kid"), str):
                raise jwt.InvalidTokenError("not one of our headers")
            public = await self.keys.verifier(header["kid"])
            if public is None:
                raise jwt.InvalidTokenError("unknown key")
            payload: dict[str, Any] = jwt.decode(
                token,
                public,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=self._settings.public_url,
                leeway=LEEWAY_S,
                options={"require": REQUIRED},
            )
            return Claims(int(payload["sub"]), int(payload["sid"]), int(payload["exp"]))
        except jwt.ExpiredSignatureError as error:
            raise Unauthenticated("The access token has expired; refresh it.", code="token_expired") from error
        except (jwt.InvalidTokenError, ValueError, TypeError) as error:
            raise Unauthenticated("The access token is not valid.", code="token_invalid") from error

    async def confirm(self, claims: Claims) -> None:
        """Ask PostgreSQL whether the session lives whose token was verified before.

        Raises Unauthenticated with code `session_revoked`, and Unavailable.
        """
        await self._ask(claims)

    async def _check_session(self, digest: bytes, claims: Claims) -> None:
        """Ask, and remember unless something overtook it."""
        check = await self._ask(claims)
        if not check.overtaken:
            believed_s = CONFIRMED_S if self._cache.connected else CONFIRMED_ALONE_S
            self._remember(digest, claims, check.started_at + believed_s)

    async def _ask(self, claims: Claims) -> _Check:
        """Ask PostgreSQL, once for all who wait for the same session."""
        check = self._checks.get(claims.session_id) or self._start_check(claims.session_id)
        user_id = await asyncio.shield(check.task)
        if user_id != claims.user_id:
            self._forget_session(claims.session_id)
            raise Unauthenticated("This session has ended; sign in again.", code="session_revoked")
        return check

    def _start_check(self, session_id: int) -> _Check:
        check = _Check(asyncio.create_task(self._load_session(session_id)), time.monotonic())
        self._checks[session_id] = check
        for listener in self._on_session:
            listener()
        check.task.add_done_callback(lambda _: self._end_check(session_id, check))
        return check

    async def _load_session(self, session_id: int) -> int | None:
        async with self._database.connection() as conn:
            user_id: int | None = await conn.fetchval(LIVE_SESSION, session_id)
        return user_id

    def _end_check(self, session_id: int, check: _Check) -> None:
        if self._checks.get(session_id) is check:
            del self._checks[session_id]
        if not check.task.cancelled():
            check.task.exception()  # who waited has it; when nobody waits any more, nobody needs to hear of it

    def _remember(self, digest: bytes, claims: Claims, confirmed_until: float) -> None:
        self._remembered[digest] = _Remembered(claims, confirmed_until)
        self._remembered.move_to_end(digest)
        self._of_session.setdefault(claims.session_id, set()).add(digest)
        while len(self._remembered) > REMEMBERED_MAX:
            self._forget(next(iter(self._remembered)))

    def _forget(self, digest: bytes) -> None:
        remembered = self._remembered.pop(digest, None)
        if remembered is None:
            return
        session_id = remembered.claims.session_id
        digests = self._of_session.get(session_id, set())
        digests.discard(digest)
        if not digests:
            self._of_session.pop(session_id, None)

    def _forget_session(self, session_id: int) -> None:
        for digest in list(self._of_session.get(session_id, ())):
            self._forget(digest)
        if (check := self._checks.pop(session_id, None)) is not None:
            check.overtaken = True

    def _forget_all(self, _connected: bool) -> None:
        """The connection to Valkey was lost, or stands again after a gap in which revocations were not heard."""
        for check in self._checks.values():
            check.overtaken = True
        self._checks.clear()
        self._remembered.clear()
        self._of_session.clear()

    def _forget_keys(self, _: int) -> None:
        self.keys.forget()
        self._forget_all(True)


def _digest(token: str) -> bytes:
    """Tokens are remembered by digest, so that a dump of the memory holds fewer of them."""
    return hashlib.blake2b(token.encode("utf-8", "surrogatepass"), digest_size=16).digest()
