"""The child takes its own powers away before it looks at a byte; it cannot get them back."""

import ctypes
import os
import resource
import signal
import sys
from pathlib import Path

from rookery.media.process.jobs import Limits

PR_SET_PDEATHSIG = 1  # prctl(2): sent when the parent ends
PR_SET_NO_NEW_PRIVS = 38
OPEN_FILES = 64


def peak_bytes() -> int:
    """The largest resident set of this process. Not by getrusage on Linux: that counts the parent from before exec."""
    if sys.platform != "linux":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


def confine(limits: Limits) -> None:
    """Bound address space, processor time, and the size of a file written; no core dumps; lowest priority."""
    if sys.platform == "linux":
        prctl = ctypes.CDLL(None, use_errno=True).prctl
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    for kind, bound in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_s),
        (resource.RLIMIT_FSIZE, limits.output_bytes),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (bound, bound))
    os.nice(10)
