"""Under which account the servers run, and the folders they need.

PostgreSQL refuses to run as root. Started by root, both servers run as another account of the machine; started by
anybody else, they run as that person.
"""

import hashlib
import os
import pwd
import re
import stat
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from rookery.embedded.errors import EmbeddedError

# Tried in order when neither the data nor the folder above says whom it belongs to; the last one is everywhere.
SERVICE_ACCOUNTS = ("rookery", "postgres", "_postgres", "nobody")
# The shorter of Linux (108) and macOS (104), less the ending null byte.
SOCKET_PATH_MAX_BYTES = 103
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._+~@=-]+")


@dataclass(frozen=True)
class Account:
    """Whom a server runs as. `switch` is False when that is who we are already."""

    uid: int
    gid: int
    name: str
    switch: bool


def choose_account(var: Path, data: Path) -> Account:
    """The owner of existing data; else, for root, whoever called sudo, owns the folder, or a service account."""
    uid = os.geteuid()
    if uid != 0:
        return Account(uid, os.getegid(), str(uid), switch=False)
    if data.exists() and (info := data.stat()).st_uid != 0:
        owner = _entry(info.st_uid)
        return Account(info.st_uid, info.st_gid, owner.pw_name if owner else str(info.st_uid), switch=True)
    for candidate in (int(os.environ.get("SUDO_UID", "0")), _owner(var)):
        if candidate and (entry := _entry(candidate)):  # initdb wants a name for its account
            return _switch_to(entry)
    for name in SERVICE_ACCOUNTS:
        try:
            return _switch_to(pwd.getpwnam(name))
        except KeyError:
            continue
    raise EmbeddedError("PostgreSQL cannot run as root, and there is no other account", "useradd rookery")


def _switch_to(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_uid, entry.pw_gid, entry.pw_name, switch=True)


def _entry(uid: int) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        return None


def _owner(path: Path) -> int:
    """The owner of the path, or of the nearest folder above it that exists."""
    for candidate in (path, *path.parents):
        try:
            return candidate.stat().st_uid
        except FileNotFoundError:
            continue
    return 0


def ensure_folder(path: Path, account: Account | None = None, mode: int = 0o700) -> Path:
    """Make the folder if it is missing; with an account, hand it over with all that is in it when root owns it.

    Raises EmbeddedError where it cannot be made, or belongs to somebody else.
    """
    try:
        if not path.is_dir():
            path.mkdir(parents=True)
            path.chmod(mode)
        if account is not None and account.switch and path.stat().st_uid == 0:
            _give(path, account)
    except (NotADirectoryError, FileExistsError):
        raise EmbeddedError(f"{path} is in the way", "a folder is needed there") from None
    except OSError as error:
        raise EmbeddedError(f"cannot use the folder {path}: {error.strerror}") from error
    _check_ours(path)
    return path


def _check_ours(path: Path) -> None:
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        owner = _entry(path.stat().st_uid)
        name = owner.pw_name if owner else str(path.stat().st_uid)
        raise EmbeddedError(
            f"{path} cannot be written: it belongs to {name}", f"run as {name}, or choose another --var"
        )


def _give(path: Path, account: Account) -> None:
    for folder, _, files in os.walk(path):
        for name in (".", *files):
            os.chown(Path(folder, name), account.uid, account.gid, follow_symlinks=False)


def socket_folder(var: Path, account: Account, longest_name: str) -> Path:
    """`var/run`, or a folder of ours under the system's temporary one when a socket's path would not do there.

    It must be short, and plain enough to stand in a URL and in PostgreSQL's comma-separated list of folders.
    """
    preferred = var / "run"
    short = len(os.fsencode(preferred / longest_name)) <= SOCKET_PATH_MAX_BYTES
    if short and PLAIN_PATH.fullmatch(str(preferred)):
        return ensure_folder(preferred, account)
    digest = hashlib.sha256(os.fsencode(var)).hexdigest()[:12]
    name = f"rookery-{account.uid}-{digest}"
    base = Path(tempfile.gettempdir())
    if len(os.fsencode(base / name / longest_name)) > SOCKET_PATH_MAX_BYTES:
        base = Path("/tmp")  # noqa: S108 - owner and mode are checked below
    folder = ensure_folder(base / name, account)
    info = folder.lstat()
    if not stat.S_ISDIR(info.st_mode) or info.st_uid != account.uid or info.st_mode & 0o077:
        raise EmbeddedError(f"{folder} is not a private folder of {account.name}", "remove it")
    return folder


def needs_reach(account: Account, *paths: Path) -> bool:
    """Whether the account cannot pass the folders above these paths by its own rights."""
    if not account.switch:
        return False
    closed = [folder for path in paths for folder in path.resolve().parents if not _passable(folder, account)]
    if closed and sys.platform != "linux":
        raise EmbeddedError(f"{account.name} cannot enter {closed[-1]}", "move the folder, or do not run as root")
    return bool(closed)


def _passable(folder: Path, account: Account) -> bool:
    info = folder.stat()
    if info.st_uid == account.uid:
        return bool(info.st_mode & stat.S_IXUSR)
    if info.st_gid == account.gid:
        return bool(info.st_mode & stat.S_IXGRP)
    return bool(info.st_mode & stat.S_IXOTH)
