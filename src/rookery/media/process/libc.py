"""What Python's standard library has no name for. Linux only."""

import ctypes
import os

PR_SET_PDEATHSIG = 1  # prctl(2): sent when the parent ends
PR_SET_SECCOMP = 22
PR_SET_NO_NEW_PRIVS = 38


def prctl(option: int, *values: int) -> int:
    """Raises OSError."""
    return _checked("prctl", option, *(*values, 0, 0, 0, 0)[:4])


def syscall(number: int, *values: int) -> int:
    """Raises OSError."""
    return _checked("syscall", number, *values)


def _checked(function: str, *values: int) -> int:
    call = ctypes.CDLL(None, use_errno=True)[function]
    call.restype = ctypes.c_long
    result: int = call(*(ctypes.c_long(value) for value in values))
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
