"""Refresh tokens: opaque to clients, 256 secret bits, kept as digest only, replaced at each use.

A token is `session id | secret | seal` in base64url. The seal (HMAC) says that the token was once ours: an old token is
told from a forged one without keeping a row for each token ever issued. Which one holds now is for the digest in the
session's row to say.

The successor is derived from its predecessor and a random salt of the session (HMAC again), so that tabs that refresh
at once all get the *same* new token. A thief who plays another tab ends up on the same chain: at the next use one of
them shows a token that is old, and the session ends.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from typing import Final

from msgspec import Struct

from rookery.kit.ids import MAX_ID
from rookery.kit.sealing import derive_key

ID_BYTES: Final = 8
SECRET_BYTES: Final = 32
SEAL_BYTES: Final = 16
SALT_BYTES: Final = 16
TOKEN_BYTES: Final = ID_BYTES + SECRET_BYTES + SEAL_BYTES


class RefreshToken(Struct, frozen=True):
    """`sealed` tells that we issued it; whether it still holds is for the session to say."""

    session_id: int
    secret: bytes
    sealed: bool = True

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(self.session_id.to_bytes(ID_BYTES, "big") + self.secret).digest()


class RefreshTokens:
    """Makes, reads and succeeds tokens under keys derived from ROOKERY_SECRET_KEY."""

    def __init__(self, secret_key: str) -> None:
        self._seal_key = derive_key(secret_key, "refresh token seal")
        self._rotation_key = derive_key(secret_key, "refresh token rotation")

    def first(self, session_id: int) -> RefreshToken:
        return RefreshToken(session_id, secrets.token_bytes(SECRET_BYTES))

    def successor(self, token: RefreshToken, salt: bytes) -> RefreshToken:
        """The one token that follows `token` under `salt`."""
        return RefreshToken(token.session_id, hmac.digest(self._rotation_key, salt + token.secret, hashlib.sha256))

    def encode(self, token: RefreshToken) -> str:
        body = token.session_id.to_bytes(ID_BYTES, "big") + token.secret
        return base64.urlsafe_b64encode(body + self._seal(body)).decode().rstrip("=")

    def decode(self, text: str) -> RefreshToken | None:
        """The token that a client shows, or None when it has not even the form of one."""
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        session_id = int.from_bytes(raw[:ID_BYTES], "big")
        if len(raw) != TOKEN_BYTES or session_id > MAX_ID:
            return None
        body, seal = raw[:-SEAL_BYTES], raw[-SEAL_BYTES:]
        return RefreshToken(session_id, body[ID_BYTES:], hmac.compare_digest(seal, self._seal(body)))

    def _seal(self, body: bytes) -> bytes:
        return hmac.digest(self._seal_key, body, hashlib.sha256)[:SEAL_BYTES]


def new_salt() -> bytes:
    return secrets.token_bytes(SALT_BYTES)
