"""What processes use, by the operating system's own accounts: CPU time and memory, children included."""

import psutil
from msgspec import Struct

KIB, MIB = 1024, 1024 * 1024


class Memory(Struct, frozen=True):
    """Bytes. `pss` shares pages among those who map them and adds up to what is in use; `rss` counts them for each."""

    pss: int
    rss: int


def tree(pids: list[int]) -> list[psutil.Process]:
    """The processes that exist among `pids`, each followed by all that it started."""
    found: dict[int, psutil.Process] = {}
    for pid in pids:
        try:
            process = psutil.Process(pid)
            for each in [process, *process.children(recursive=True)]:
                found.setdefault(each.pid, each)
        except psutil.NoSuchProcess:
            continue
    return list(found.values())


def cpu_s(pids: list[int]) -> float:
    """User and system seconds of the processes and of all that they started, those that have ended included."""
    total = 0.0
    for process in tree(pids):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
        if hasattr(times, "children_user"):
            total += times.children_user + times.children_system
    return total


def memory(pids: list[int]) -> Memory:
    """Resident memory of the processes and of all that they started; Linux only."""
    pss = rss = 0
    for process in tree(pids):
        try:
            full = process.memory_full_info()
        except psutil.NoSuchProcess:
            continue
        pss += full.pss
        rss += full.rss
    return Memory(pss, rss)
