"""The public keys that verify access tokens, in a process that does not hold the keys that sign them."""

import time
from collections.abc import Awaitable, Callable
from typing import Protocol

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from rookery.kit.problems import Unavailable
from rookery.kit.signing_keys import MISS_RELOAD_S, RELOAD_S

log = structlog.get_logger(__name__)


class KeySource(Protocol):
    """Where a verifier of tokens finds public keys: `SigningKeys`, or `VerifyingKeys` where only those are known."""

    async def verifier(self, kid: str) -> Ed25519PublicKey | None:
        """The public key of a token's `kid`, or None when there is no such key."""

    def forget(self) -> None:
        """Load anew at the next use."""


class VerifyingKeys:
    """Keys as `load` gives them, by id, in raw form; loaded anew as often as `SigningKeys` is.

    Known keys stay in use while `load` raises Unavailable; without any, it is passed on.
    """

    def __init__(self, load: Callable[[], Awaitable[dict[str, bytes]]]) -> None:
        self._load = load
        self._keys: dict[str, Ed25519PublicKey] = {}
        self._loaded_at = float("-inf")

    async def verifier(self, kid: str) -> Ed25519PublicKey | None:
        started_at = time.monotonic()
        if started_at - self._loaded_at >= (RELOAD_S if kid in self._keys else MISS_RELOAD_S):
            await self._reload(started_at)
        return self._keys.get(kid)

    def forget(self) -> None:
        self._loaded_at = float("-inf")

    async def _reload(self, started_at: float) -> None:
        try:
            loaded = await self._load()
            self._keys = {kid: Ed25519PublicKey.from_public_bytes(raw) for kid, raw in loaded.items()}
        except Unavailable:
            if not self._keys:
                raise
            log.warning("verifying_keys.not_reloaded")
        self._loaded_at = started_at
