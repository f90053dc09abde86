"""Landlock, by which a Linux process gives up files, connections and signals for good: landlock(7), linux/landlock.h.

Its rights grew with the kernel, a version (ABI) each time. Whatever a version can deny is denied, but for the rules.
"""

import os
import stat
import struct
from collections.abc import Iterable
from ctypes import addressof, create_string_buffer

from rookery.media.process.libc import syscall

# The same numbers on every architecture.
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
CREATE_RULESET_VERSION = 1
RULE_PATH_BENEATH = 1

ABI_TESTED = 7  # of a newer kernel we use what this one has
WRITE_FILE, READ_FILE, READ_DIR, REMOVE_FILE, MAKE_REG, TRUNCATE = 1 << 1, 1 << 2, 1 << 3, 1 << 5, 1 << 8, 1 << 14
FILE_RIGHTS = 1 | WRITE_FILE | READ_FILE | TRUNCATE | 1 << 15  # those that a rule for a single file may name
READ = READ_FILE | READ_DIR
WRITE = READ | WRITE_FILE | REMOVE_FILE | MAKE_REG | TRUNCATE  # but no links, folders, pipes, sockets and devices
TCP_RIGHTS = 0b11  # bind, connect
SCOPES = 0b11  # abstract Unix sockets and signals: only among those that are restricted with us


def abi() -> int:
    """The kernel's version; 0 where there is none, it is switched off, or a container forbids it."""
    try:
        return syscall(CREATE_RULESET, 0, 0, CREATE_RULESET_VERSION)
    except OSError:
        return 0


def restrict(reading: Iterable[str], writing: Iterable[str]) -> int:
    """Leave this thread, and those that it will start, these files and folders with all that is beneath; what cannot be
    opened is passed over. Nothing can be executed. Returns the version used, 0 for none. Raises OSError.

    To be called with PR_SET_NO_NEW_PRIVS set.
    """
    version = min(abi(), ABI_TESTED)
    if not version:
        return 0
    file_rights = _file_rights(version)
    attributes = struct.pack("=QQQ", file_rights, TCP_RIGHTS if version >= 4 else 0, SCOPES if version >= 6 else 0)
    buffer = create_string_buffer(attributes, len(attributes))
    ruleset = syscall(CREATE_RULESET, addressof(buffer), len(attributes), 0)
    try:
        for path in reading:
            _allow(ruleset, path, READ & file_rights)
        for path in writing:
            _allow(ruleset, path, WRITE & file_rights)
        syscall(RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)
    return version


def _file_rights(version: int) -> int:
    """Thirteen at first; then linking and moving between folders, truncating, and what devices do besides reading."""
    return (1 << 13 + (version >= 2) + (version >= 3) + (version >= 5)) - 1


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        target = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # not there, or closed to us already
        return
    try:
        if not stat.S_ISDIR(os.fstat(target).st_mode):
            rights &= FILE_RIGHTS
        rule = create_string_buffer(struct.pack("=Qi", rights, target), 12)
        syscall(ADD_RULE, ruleset, RULE_PATH_BENEATH, addressof(rule), 0)
    finally:
        os.close(target)
