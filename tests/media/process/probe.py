"""Tries what a decoder that was taken over would try, and tells how each attempt ends.

Run as text by `python -I -c`, as a child is: reads a Plan from standard input, confines itself by the code under test,
and writes a JSON object: name of the attempt to None where it worked, else to the errno's name.
"""

import errno
import json
import os
import resource
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec
from msgspec import Struct

from rookery.media.process import confinement, landlock, syscalls
from rookery.media.process.jobs import Job
from rookery.media.process.libc import PR_SET_NO_NEW_PRIVS, prctl, syscall


class Plan(Struct, kw_only=True):
    """`by`: what confines; `version`: the newest of Landlock that is used. `without`: attempts to leave out.
    `stranger`: a file of another upload. The rest are addresses where somebody listens.
    """

    job: Job
    by: str = "all"
    version: int = landlock.ABI_TESTED
    without: list[str] = []
    stranger: str
    tcp: tuple[str, int]
    unix: str
    abstract: str


def confine(plan: Plan) -> tuple[str, ...]:
    landlock.ABI_TESTED = plan.version
    if plan.by == "all":
        return confinement.confine(plan.job)
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    if plan.by == "landlock":
        landlock.restrict([*confinement.readable(), plan.job.source], [plan.job.folder])
    if plan.by == "seccomp":
        syscalls.refuse()
    return ()


def connect(family: int, address: tuple[str, int] | str) -> None:
    with socket.socket(family) as client:
        client.connect(address)


def start_thread() -> None:
    thread = threading.Thread(target=len, args=("",))
    thread.start()
    thread.join()


def fork() -> None:
    if os.fork() == 0:
        os._exit(0)
    os.wait()


def raise_limit() -> None:
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    except ValueError as error:  # as Python calls EPERM here
        raise PermissionError(errno.EPERM, str(error)) from error


def spawn() -> None:
    os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0)


def use_folder(folder: Path) -> None:
    """What libraries do where they write: make, read, rename, shorten, delete."""
    made = folder / "made"
    made.write_bytes(b"some bytes")
    made.rename(folder / "other")
    os.truncate(os.open(folder / "other", os.O_RDWR), 4)
    assert (folder / "other").read_bytes() == b"some"
    (folder / "other").unlink()


def use_temporary_file() -> None:
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"some bytes")


def write_to_shared_memory() -> None:
    path = Path("/dev/shm/made-by-a-probe")
    path.write_bytes(b"")
    path.unlink()


def attempts(plan: Plan) -> dict[str, Callable[[], object]]:
    source, folder, stranger = Path(plan.job.source), Path(plan.job.folder), Path(plan.stranger)
    parent = os.getppid()
    return {
        "read its source": source.read_bytes,
        "use its folder": lambda: use_folder(folder),
        "use a temporary file": use_temporary_file,
        "import": lambda: __import__("wave"),
        "load a library": lambda: __import__("_curses"),
        "start a thread": start_thread,
        "signal itself": lambda: signal.raise_signal(signal.SIGURG),
        "read /etc/passwd": lambda: Path("/etc/passwd").read_bytes(),
        "list /": lambda: list(Path("/").iterdir()),
        "read what its parent was given": lambda: Path(f"/proc/{parent}/environ").read_bytes(),
        "read another upload": stranger.read_bytes,
        "list other uploads": lambda: list(stranger.parent.iterdir()),
        "write to another upload": lambda: stranger.open("r+b"),
        "write its source": lambda: source.write_bytes(b""),
        "write beside its folder": lambda: (folder.parent / "made").write_bytes(b""),
        "write to shared memory": write_to_shared_memory,
        "leave a link": lambda: (folder / "link").symlink_to("/etc/passwd"),
        "leave another's file": lambda: os.link(stranger, folder / "hard"),
        "leave a pipe": lambda: os.mkfifo(folder / "pipe"),
        "open another upload to everybody": lambda: stranger.chmod(0o666),
        "delete another upload": stranger.unlink,
        "connect over TCP": lambda: connect(socket.AF_INET, plan.tcp),
        "connect to a file": lambda: connect(socket.AF_UNIX, plan.unix),
        "connect to a name": lambda: connect(socket.AF_UNIX, f"\0{plan.abstract}"),
        "listen": lambda: socket.create_server(("127.0.0.1", 0)),
        "run a program": lambda: os.execv("/bin/true", ["true"]),
        "start a program": spawn,
        "fork": fork,
        "see its parent": lambda: os.kill(parent, 0),
        "stop its parent": lambda: os.kill(parent, signal.SIGTERM),
        "raise its limit": raise_limit,
    }


def outcome_of(attempt: Callable[[], object]) -> str | None:
    try:
        attempt()
    except OSError as error:
        return errno.errorcode[error.errno or 0]
    return None


def refused_calls() -> dict[str, str | None]:
    calls = syscalls.refused_on(syscalls.MACHINES[os.uname().machine])
    return {name: outcome_of(partial(syscall, number, 0, 0, 0, 0, 0, 0)) for name, number in calls.items()}


def main() -> None:
    plan = msgspec.json.decode(sys.stdin.buffer.read(), type=Plan)
    threads = len(list(Path("/proc/self/task").iterdir()))
    held = confine(plan)
    ended = {name: outcome_of(attempt) for name, attempt in attempts(plan).items() if name not in plan.without}
    calls = refused_calls() if plan.by in ("all", "seccomp") else {}
    json.dump({"threads": threads, "held": held, "ended": ended, "calls": calls}, sys.stdout)


if __name__ == "__main__":
    main()
