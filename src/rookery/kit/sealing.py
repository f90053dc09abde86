"""Secrets at rest: sealed with AES-256-GCM under keys that HKDF (RFC 5869) derives from ROOKERY_SECRET_KEY."""

import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES: Final = 12  # NIST SP 800-38D; random, which is safe far beyond the number of keys we ever seal


class SealError(ValueError):
    """Not sealed by us: another secret key, another label, or a changed byte."""


def derive_key(secret_key: str, purpose: str) -> bytes:
    """A 256-bit key for one purpose; keys of different purposes tell nothing about each other."""
    hkdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"rookery {purpose}".encode())
    return hkdf.derive(secret_key.encode())


def seal(key: bytes, plain: bytes, label: bytes) -> bytes:
    """Encrypt and authenticate; `label` (not secret) must be given again to open it."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, label)


def unseal(key: bytes, sealed: bytes, label: bytes) -> bytes:
    """What was sealed. Raises SealError."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], label)
    except (InvalidTag, ValueError) as error:
        raise SealError("not sealed with this key and label") from error
