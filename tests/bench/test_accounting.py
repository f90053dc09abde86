"""CPU time and memory of processes, as the operating system counts them."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from bench.accounting import MIB

from bench import accounting

BURN_S = 0.4
BURN = f"""
import time
def burn():
    end = time.process_time() + {BURN_S}
    while time.process_time() < end:
        pass
"""
# One child that has ended, one that lives on, and itself: each burns the same.
FAMILY = f"""
import subprocess, sys
{BURN}
one = {BURN + "burn()"!r}
subprocess.run([sys.executable, "-S", "-c", one], check=True)
alive = subprocess.Popen(
    [sys.executable, "-S", "-c", one + "; print(1, flush=True); input()"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
)
alive.stdout.readline()
burn()
print(alive.pid, flush=True)
input()
alive.communicate()
"""
START_S = 0.15  # of three interpreters, at the most


@contextmanager
def running(script: str) -> Iterator[tuple[int, str]]:
    """The process's id, and the first line that it says."""
    process = subprocess.Popen(
        [sys.executable, "-S", "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield process.pid, process.stdout.readline()
    finally:
        process.communicate("\n")


def test_cpu_time_is_that_of_the_whole_family_and_counted_once() -> None:
    with running(FAMILY) as (pid, line):
        child = int(line)
        assert accounting.cpu_s([pid]) == pytest.approx(3 * BURN_S + START_S / 2, abs=START_S)
        assert accounting.cpu_s([child]) == pytest.approx(BURN_S, abs=START_S)
        assert accounting.cpu_s([pid, child, pid]) == pytest.approx(accounting.cpu_s([pid]), abs=0.05)


def test_who_idles_uses_nothing_and_who_is_gone_is_left_out() -> None:
    with running("print(1, flush=True); input()") as (pid, _):
        before = accounting.cpu_s([pid])
        assert accounting.cpu_s([pid]) - before <= 0.01
    assert accounting.cpu_s([pid]) == 0
    assert accounting.memory([pid]).pss == 0


@pytest.mark.skipif(sys.platform != "linux", reason="proportional set sizes are Linux's")
def test_memory_is_what_is_in_use() -> None:
    with running("print(1, flush=True); input()") as (small, _):
        bare = accounting.memory([small])
    with running("held = bytearray(b'x') * 60_000_000; print(1, flush=True); input()") as (large, _):
        full = accounting.memory([large])
    assert (full.pss - bare.pss) / MIB == pytest.approx(60_000_000 / MIB, abs=3)
    assert full.rss >= full.pss
