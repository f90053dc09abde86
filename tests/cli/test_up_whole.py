"""`rookery up` with everything real: an empty folder, a server that answers, repairs, Ctrl-C, a second start."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import psutil
import pytest

# Far longer than anything takes: only a failing test waits for it.
PATIENCE_S = 120.0
# The bound for everything together, doing nothing.
IDLE_MEMORY_MAX_BYTES = 300 * 1024**2


class Up:
    """One `rookery up` in a session of its own, its output in a file."""

    def __init__(self, folder: Path, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.output = folder / "output"
        argv = [sys.executable, "-m", "rookery", "up", "--no-web", "--port", str(port), "--var", str(folder / "var")]
        environ = {name: value for name, value in os.environ.items() if not name.startswith("ROOKERY_")}
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(argv, env=environ, stdout=output, stderr=subprocess.STDOUT)

    def until(self, condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            assert self.process.poll() is None, self.output.read_text()
            assert time.monotonic() < deadline, self.output.read_text()
            time.sleep(0.05)

    def until_said(self, text: str) -> None:
        self.until(lambda: text in self.output.read_text())

    def family(self) -> list[psutil.Process]:
        own = psutil.Process(self.process.pid)
        return [own, *own.children(recursive=True)]

    def running(self, name: str) -> psutil.Process | None:
        """`rookery NAME` under this run; None between two lives of it."""
        for process in psutil.Process(self.process.pid).children():
            with suppress(psutil.Error):
                if process.cmdline()[-2:] == ["rookery", name]:
                    return process
        return None

    def interrupt(self) -> int:
        """Ctrl-C; the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE_S)

    def is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz").status_code == 200
        except httpx.TransportError:
            return False


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("up")


@pytest.fixture
def up(folder: Path) -> Iterator[Up]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    up = Up(folder, port)
    yield up
    if up.process.poll() is None:
        up.interrupt()


def test_a_first_run(up: Up) -> None:
    up.until_said(f"Rookery is at {up.url}")
    assert "Ctrl-C" in up.output.read_text()
    assert up.is_ready()
    check_memory(up)
    check_repair(up, "serve")
    check_repair(up, "work")
    family = up.family()
    assert up.interrupt() == 0
    assert psutil.wait_procs(family, timeout=PATIENCE_S)[1] == []
    assert "Error" not in up.output.read_text()


def check_memory(up: Up) -> None:
    """What is shared between processes is counted once (PSS), where the system tells it."""
    if sys.platform == "linux":
        assert sum(process.memory_full_info().pss for process in up.family()) < IDLE_MEMORY_MAX_BYTES


def check_repair(up: Up, name: str) -> None:
    killed = up.running(name)
    assert killed is not None
    killed.kill()
    up.until_said(f"{name} ended unexpectedly (signal SIGKILL); starting it again")
    up.until(lambda: up.running(name) not in (None, killed) and up.is_ready())


def test_a_second_run_keeps_the_data_and_the_key(up: Up, folder: Path) -> None:
    key = (folder / "var" / "secret_key").read_text()
    up.until_said(f"Rookery is at {up.url}")
    assert (folder / "var" / "secret_key").read_text() == key
    assert "applied" not in (folder / "var" / "log" / "migrate.log").read_text().splitlines()[-1]
    assert up.interrupt() == 0
