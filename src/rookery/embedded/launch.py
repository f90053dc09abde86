"""The last step before a child becomes itself: tie its life to ours, drop root, exec.

Run by path with `python -I -S`, with the standard library only, so that it costs a few milliseconds. A `preexec_fn`
would do the same inside the fork, where Python promises nothing once the parent has threads.

Usage: launch.py PARENT_PID DEATH_SIGNAL UID:GID|- reach|- COMMAND [ARGUMENT ...]

`reach` keeps the one capability that lets a dropped user pass folders closed to it, such as a checkout under /root;
the alternative, opening those folders to everybody, would weaken the machine. Exit code 125: could not prepare;
126 and 127 as in a shell.
"""

import ctypes
import os
import struct
import sys
from typing import NoReturn

PR_SET_PDEATHSIG = 1
PR_SET_KEEPCAPS = 8
PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 47, 2
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2
CAPABILITY_VERSION_3 = 0x20080522


def main(arguments: list[str]) -> NoReturn:
    parent, signal_number, account, reach, *command = arguments
    try:
        drop(account, keep_reach=reach == "reach")
        die_with(int(parent), int(signal_number))
    except OSError as error:
        fail(125, f"cannot start {command[0]}: {error}")
    os.umask(0o077)
    try:
        os.execv(command[0], command)  # noqa: S606 - a shell would only stand in between
    except FileNotFoundError:
        fail(127, f"{command[0]} is missing")
    except OSError as error:
        fail(126, f"cannot run {command[0]}: {error.strerror}")


def drop(account: str, *, keep_reach: bool) -> None:
    """Become `UID:GID`, with no other groups; '-' stays who we are."""
    if account == "-":
        return
    uid, gid = (int(part) for part in account.split(":"))
    if keep_reach:
        prctl(PR_SET_KEEPCAPS, 1)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if keep_reach:
        keep_only_reach()


def keep_only_reach() -> None:
    """Hold reading and passing of any folder, or, where a container withholds that, its wider sister; nothing else."""
    libc = ctypes.CDLL(None, use_errno=True)
    header = ctypes.create_string_buffer(struct.pack("Ii", CAPABILITY_VERSION_3, 0))
    held = ctypes.create_string_buffer(24)
    check(libc.capget(header, held))
    permitted = struct.unpack("6I", held.raw)[1]
    capability = CAP_DAC_READ_SEARCH if permitted >> CAP_DAC_READ_SEARCH & 1 else CAP_DAC_OVERRIDE
    bit = 1 << capability
    check(libc.capset(header, ctypes.create_string_buffer(struct.pack("6I", bit, bit, bit, 0, 0, 0))))
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability)


def die_with(parent: int, signal_number: int) -> None:
    """Receive the signal when the parent's thread that started us ends; only Linux knows how.

    To be called after `drop`: a change of user clears it. A parent that died before is seen by our new parent.
    """
    if sys.platform == "linux":
        prctl(PR_SET_PDEATHSIG, signal_number)
    if os.getppid() != parent:
        fail(125, "the parent is gone")


def prctl(option: int, *values: int) -> None:
    padded = [ctypes.c_ulong(value) for value in (*values, 0, 0, 0, 0)[:4]]
    check(ctypes.CDLL(None, use_errno=True).prctl(option, *padded))


def check(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def fail(code: int, text: str) -> NoReturn:
    os.write(2, f"rookery: {text}\n".encode())
    os._exit(code)


if __name__ == "__main__":
    main(sys.argv[1:])
