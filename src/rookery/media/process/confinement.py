"""The child takes its own powers away before it looks at a byte; it cannot get them back."""

import os
import resource
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from rookery.media.process import landlock, syscalls
from rookery.media.process.jobs import Job, Limits
from rookery.media.process.libc import PR_SET_NO_NEW_PRIVS, PR_SET_PDEATHSIG, prctl

OPEN_FILES = 64
LIBRARIES = (
    "/etc/ld.so.cache",
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/gnu/store",
    "/nix/store",
)
# Where libraries count processors, and what they may open for nothing or for chance.
SYSTEM = ("/sys/devices/system/cpu", "/dev/null", "/dev/urandom")


def own_status() -> TextIO | None:
    """For `peak_bytes`, from before `confine`, which takes /proc away. None where there is none."""
    return Path("/proc/self/status").open() if sys.platform == "linux" else None


def peak_bytes(status: TextIO | None) -> int:
    """The largest resident set of this process. Not by getrusage on Linux: that counts the parent from before exec."""
    if status is None:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    status.seek(0)
    return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))


def confine(job: Job) -> tuple[str, ...]:
    """Give up all that this job does not need, and return the names of what holds from here on.

    To be called before there is a second thread, which would stay free. What a kernel, or a container, does not offer
    is left out: macOS has the limits alone.
    """
    held = ["limits"]
    if sys.platform == "linux":
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        prctl(PR_SET_NO_NEW_PRIVS, 1)
    bound(job.limits)
    os.environ["TMPDIR"] = job.folder  # the one place where it may write
    if sys.platform == "linux":
        with suppress(OSError):
            if version := landlock.restrict([*readable(), job.source], [job.folder]):
                held.append(f"landlock {version}")
        with suppress(OSError):
            if syscalls.refuse():
                held.append("seccomp")
    return tuple(held)


def bound(limits: Limits) -> None:
    """Bound address space, processor time, and the size of a file written; no core dumps; lowest priority."""
    for kind, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_s),
        (resource.RLIMIT_FSIZE, limits.output_bytes),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    os.nice(10)


def readable() -> list[str]:
    """What imports and the loading of libraries read: Python's path, and where systems and Conda keep libraries."""
    prefixes = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}
    own = [f"{prefix}/{folder}" for prefix in prefixes for folder in ("lib", "lib64")]
    return [*sys.path, str(Path(__file__).parent), *own, *LIBRARIES, *SYSTEM]
