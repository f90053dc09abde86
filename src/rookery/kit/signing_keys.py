"""The Ed25519 keys that sign access tokens: kept sealed in PostgreSQL, shared by all processes, rotated while in use.

A key's life: it is published (JWKS, and every process loads it) PUBLISH_AHEAD before it signs, signs until the next one
takes over, and is verified for as long as a token of its time may live. Every process reloads after RELOAD_S, and, at
most every MISS_RELOAD_S, when it meets a key id that it does not know.
"""

import itertools
import secrets
import time
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from msgspec import Struct

from rookery.kit.database import Connection, Database
from rookery.kit.problems import Unavailable
from rookery.kit.resources import Resources
from rookery.kit.sealing import SealError, derive_key, seal, unseal
from rookery.kit.settings import Settings

ROTATE_AFTER: Final = timedelta(days=30)
RELOAD_S: Final = 300.0
PUBLISH_AHEAD: Final = timedelta(hours=1)  # a multiple of RELOAD_S and of the JWKS answer's max-age
MISS_RELOAD_S: Final = 1.0
CLOCK_SKEW: Final = timedelta(seconds=60)
INVALIDATION: Final = "signing_keys:0"

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('users.signing_keys', 0))"
LOAD = "SELECT kid, sealed, signs_from FROM users.signing_keys ORDER BY signs_from"
INSERT = "INSERT INTO users.signing_keys (kid, sealed, signs_from) VALUES ($1, $2, $3)"
DELETE = "DELETE FROM users.signing_keys WHERE kid = ANY($1::text[])"

log = structlog.get_logger(__name__)


class SigningKey(Struct, frozen=True):
    """A key pair with its id (`kid`); it signs from `signs_from` until the next one does."""

    kid: str
    private: Ed25519PrivateKey
    public: Ed25519PublicKey
    signs_from: datetime


class SigningKeys:
    """The keys as this process knows them. Raises Unavailable when none was ever loaded and PostgreSQL is away."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        self._keys: dict[str, SigningKey] = {}
        self._loaded_at = float("-inf")

    async def signer(self) -> SigningKey:
        """The key that signs now; the first of an installation is made here."""
        await self._reload_when_older(RELOAD_S)
        if (key := _signing(self._keys)) is None:
            async with self._database.transaction() as conn:
                await _rotate(conn, self._settings, datetime.now(UTC))
            await self._reload_when_older(0.0)
            key = _signing(self._keys)
        if key is None:
            raise Unavailable("No signing key could be loaded.")
        return key

    async def verifier(self, kid: str) -> Ed25519PublicKey | None:
        """The public key of a token's `kid`, or None when there is no such key."""
        await self._reload_when_older(RELOAD_S if kid in self._keys else MISS_RELOAD_S)
        key = self._keys.get(kid)
        return None if key is None else key.public

    async def published(self) -> list[SigningKey]:
        """All keys that verifiers should know, oldest first."""
        await self._reload_when_older(RELOAD_S)
        return list(self._keys.values())

    def forget(self) -> None:
        """Load anew at the next use."""
        self._loaded_at = float("-inf")

    async def _reload_when_older(self, age_s: float) -> None:
        """Load, unless that was done less than `age_s` ago; known keys stay in use while PostgreSQL is away."""
        started_at = time.monotonic()
        if started_at - self._loaded_at < age_s:
            return
        try:
            async with self._database.connection() as conn:
                self._keys = await _load(conn, self._settings)
        except Unavailable:
            if not self._keys:
                raise
            log.warning("signing_keys.not_reloaded")
        self._loaded_at = started_at


async def rotate_signing_keys(resources: Resources, *, force: bool = False, at_once: bool = False) -> str | None:
    """Make the next key when the newest is ROTATE_AFTER old, and delete those that no live token needs. A periodic job.

    `force` makes one now, whatever the age, to sign after PUBLISH_AHEAD. `at_once` is for a leaked key: the new one
    signs at once and all others are deleted, so that every access token must be refreshed. Returns the new key's id.
    """
    now = datetime.now(UTC)
    async with resources.database.transaction() as conn:
        kid = await _rotate(conn, resources.settings, now, force=force or at_once, at_once=at_once)
    if kid is not None:
        await resources.invalidations.publish(INVALIDATION)
        log.info("signing_keys.rotated", kid=kid, at_once=at_once)
    return kid


async def _rotate(
    conn: Connection, settings: Settings, now: datetime, *, force: bool = False, at_once: bool = False
) -> str | None:
    await conn.execute(LOCK)
    keys = await _load(conn, settings)
    newest = max((key.signs_from for key in keys.values()), default=None)
    await conn.execute(DELETE, list(keys) if at_once else _expired(keys, settings, now))
    if newest is None or at_once:
        return await _insert(conn, settings, now)
    due = newest <= now and (force or now - newest >= ROTATE_AFTER)
    return await _insert(conn, settings, now + PUBLISH_AHEAD) if due else None


def _signing(keys: dict[str, SigningKey]) -> SigningKey | None:
    """The newest key whose time has come; `keys` is ordered by time."""
    now = datetime.now(UTC)
    return next((key for key in reversed(keys.values()) if key.signs_from <= now), None)


def _expired(keys: dict[str, SigningKey], settings: Settings, now: datetime) -> list[str]:
    """Keys whose successor has signed for longer than a token lives (and a process may be late, and clocks differ)."""
    kept_for = timedelta(seconds=settings.access_token_ttl_s + RELOAD_S) + CLOCK_SKEW
    ordered = sorted(keys.values(), key=lambda key: key.signs_from)
    return [old.kid for old, successor in itertools.pairwise(ordered) if now - successor.signs_from > kept_for]


async def _insert(conn: Connection, settings: Settings, signs_from: datetime) -> str:
    kid = secrets.token_urlsafe(12)
    sealed = seal(_sealing_key(settings), Ed25519PrivateKey.generate().private_bytes_raw(), kid.encode())
    await conn.execute(INSERT, kid, sealed, signs_from)
    return kid


async def _load(conn: Connection, settings: Settings) -> dict[str, SigningKey]:
    """The keys that this secret key opens, by id, ordered by `signs_from`; others are of another secret, or forged."""
    sealing_key = _sealing_key(settings)
    keys = {}
    for row in await conn.fetch(LOAD):
        try:
            raw = unseal(sealing_key, row["sealed"], row["kid"].encode())
        except SealError:
            log.warning("signing_keys.cannot_unseal", kid=row["kid"])
            continue
        private = Ed25519PrivateKey.from_private_bytes(raw)
        keys[row["kid"]] = SigningKey(row["kid"], private, private.public_key(), row["signs_from"])
    return keys


def _sealing_key(settings: Settings) -> bytes:
    return derive_key(settings.secret_key, "signing keys")
