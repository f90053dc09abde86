"""Small real programs that stand for `rookery serve` and `rookery work`, and ways to wait for processes."""

import asyncio
import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil

from rookery.embedded.program import Program

# Far longer than anything takes: only a failing test waits for it.
PATIENCE_S = 60.0

# Writes its life into a file: "NAME start PID" and, when asked to end, "NAME stop PID".
DIARY = """
import os, signal, sys
name, diary = sys.argv[1:]
def note(what):
    with open(diary, "a") as file:
        file.write(f"{name} {what} {os.getpid()}\\n")
def stop(*_):
    note("stop")
    os._exit(0)
signal.signal(signal.SIGTERM, stop)
note("start")
while True:
    signal.pause()
"""
# A parent and a child that both ignore a polite request.
STUBBORN = """
import os, signal, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
name = sys.argv[1] + ("" if os.fork() else "-child")
with open(sys.argv[2], "a") as file:
    file.write(f"{name} start {os.getpid()}\\n")
while True:
    signal.pause()
"""
# Says 200 at /readyz, as the web server does.
WEB = """
import http.server, os
class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/readyz" else 404)
        self.end_headers()
http.server.HTTPServer((os.environ["ROOKERY_HOST"], int(os.environ["ROOKERY_PORT"])), Ready).serve_forever()
"""


def fake(
    name: str,
    code: str,
    folder: Path,
    *,
    once: bool = False,
    grace_s: float = 15.0,
    env: Mapping[str, str] | None = None,
) -> Program:
    """A program that runs this code; its arguments are its name and the diary. `env` None: ours."""
    argv = [sys.executable, "-S", "-c", code, name, str(folder / "diary")]
    environment = dict(env or os.environ)
    return Program(name, argv, folder / f"{name}.log", lambda: environment, once=once, stop_grace_s=grace_s)


def diary(folder: Path) -> list[tuple[str, str, int]]:
    """(name, start or stop, process) in the order of writing."""
    path = folder / "diary"
    lines = path.read_text().splitlines() if path.exists() else []
    return [(name, what, int(pid)) for name, what, pid in (line.split() for line in lines)]


def started(folder: Path, name: str) -> list[int]:
    """The processes that have started under this name so far."""
    return [pid for who, what, pid in diary(folder) if (who, what) == (name, "start")]


async def until(condition: Callable[[], object]) -> None:
    """Return once the condition holds; a test whose condition never holds fails here."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        await asyncio.sleep(0.02)


def alive(pid: int | None) -> bool:
    """Whether it still runs; a process that has ended and only waits to be collected does not."""
    try:
        return pid is not None and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    return [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]
