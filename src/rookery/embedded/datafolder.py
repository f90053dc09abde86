"""Whether PostgreSQL's data folder can be used: what is missing, what is damaged, how the last start failed.

Reads only. No server may run in the folder meanwhile: it would change what is read here.
"""

import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from rookery.embedded.account import Account
from rookery.embedded.errors import EmbeddedError
from rookery.embedded.process import Command, launch_argv

PARTS: Sequence[str] = ("global/pg_control", "base", "pg_wal")
CONTROL_TIMEOUT_S = 30.0
LOG_TAIL_BYTES = 64 * 1024
# A line without the name of a client: the server's own. What it says to those it sends away at its end is no failure.
OWN_FAILURE = re.compile(r"\] (?:FATAL|PANIC):  (?!terminating )")
READY = "database system is ready to accept connections"
REDO_FILE = re.compile(r"^Latest checkpoint's REDO WAL file:\s+([0-9A-F]{24})$", re.MULTILINE)
# How PostgreSQL names files that are missing, unreadable or damaged.
DATA_FAULT = re.compile(
    r"database files are incompatible|incorrect checksum in control file|pg_control|control file|checkpoint record"
    r"|invalid checkpoint|is missing|invalid page|invalid magic number|not a database cluster directory"
    r"|could not (?:open|read|find|stat|locate) "
)
# The same verbs, but no backup would help.
MACHINE_FAULT = re.compile(
    r"Permission denied|No space left|Too many open files|Read-only file system|Input/output error|shared memory"
    r"|configuration file|\.conf\b"
)


def mend_data(data: Path) -> str:
    return f"restore a backup of {data}, or move the folder away to begin with an empty one"


def is_data_fault(reason: str) -> bool:
    """Whether the server's words blame its files, and not the machine or a setting."""
    return DATA_FAULT.search(reason) is not None and MACHINE_FAULT.search(reason) is None


def check_parts(data: Path) -> None:
    """Raises EmbeddedError, naming what no start can do without, when it is missing."""
    for part in PARTS:
        if not (data / part).exists():
            raise EmbeddedError(f"{data} is damaged ({part} is missing)", mend_data(data))


def check_control(command: Command, data: Path) -> None:
    """Raises EmbeddedError when the control file is damaged, or the log it begins with is gone.

    `command` is pg_controldata for this folder; it warns on standard error, or fails.
    """
    try:
        done = subprocess.run(  # noqa: S603 - our own fixed command
            launch_argv(command), env=command.env, capture_output=True, text=True, errors="replace", check=False,
            timeout=CONTROL_TIMEOUT_S, start_new_session=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise EmbeddedError(f"{data} cannot be read in {CONTROL_TIMEOUT_S:.0f} s", "look after its disk") from None
    complaints = done.stderr.strip().splitlines()
    if done.returncode != 0 or complaints:
        why = complaints[0] if complaints else f"pg_controldata: exit code {done.returncode}"
        raise EmbeddedError(f"{data} is damaged ({why})", mend_data(data))
    redo = REDO_FILE.search(done.stdout)
    if redo and not (data / "pg_wal" / redo[1]).is_file():
        raise EmbeddedError(f"{data} is damaged (pg_wal/{redo[1]} is missing)", mend_data(data))


def account_of(data: Path, account: Account) -> Account | None:
    """Who can read the folder: what root brought back belongs to root until the next start hands it over."""
    return None if account.switch and data.stat().st_uid == 0 else account


def last_failure(log: Path) -> str:
    """The server's own FATAL or PANIC since it was ready the last time; '' when there is none."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - LOG_TAIL_BYTES))
            lines = file.read().decode(errors="replace").splitlines()
    except FileNotFoundError:
        return ""
    for line in reversed(lines):
        if READY in line:
            return ""
        if OWN_FAILURE.search(line):
            return line.strip()
    return ""
