"""The secret key of a one-machine installation: made once, kept in `var/secret_key`, readable by its owner alone."""

import os
import secrets
from pathlib import Path

from rookery.embedded.errors import EmbeddedError

KEY_BYTES = 48
KEY_MIN_CHARACTERS = 32


def secret_key(var: Path) -> str:
    """Read the key, or make it. The caller holds the lock on `var`. Raises EmbeddedError for a damaged file."""
    path = var / "secret_key"
    try:
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
        key = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return _make(path)
    except (OSError, UnicodeDecodeError) as error:
        raise EmbeddedError(f"cannot read {path}: {error}") from error
    if len(key) < KEY_MIN_CHARACTERS:
        raise EmbeddedError(f"{path} is damaged", "restore it, or remove it (that signs everybody out)")
    return key


def _make(path: Path) -> str:
    """Written aside, flushed and renamed, so that a killed run never leaves half a key."""
    key = secrets.token_urlsafe(KEY_BYTES)
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key + "\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)
    return key
