"""`rookery bench` as a person runs it: whatever ends it, no process and no data are left."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

LIMIT_S = 60.0

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends the children of who was killed")


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where it runs, with a path short enough for sockets."""
    folder = Path(tempfile.mkdtemp(prefix="rkb-"))
    folder.chmod(0o755)
    (folder / "tmp").mkdir()
    yield folder
    shutil.rmtree(folder)


def begin(folder: Path, *names: str, path: str = os.environ["PATH"]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "rookery", "bench", *names],
        cwd=folder,
        env={**os.environ, "TMPDIR": str(folder / "tmp"), "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def family_with(process: "subprocess.Popen[str]", words: str) -> list[psutil.Process]:
    """All that it has started, once one of them has these words in its command line."""
    deadline = time.monotonic() + LIMIT_S
    while time.monotonic() < deadline and process.poll() is None:
        family = psutil.Process(process.pid).children(recursive=True)
        for child in family:
            try:
                if words in " ".join(child.cmdline()):
                    return family
            except psutil.NoSuchProcess:
                continue
        time.sleep(0.02)
    raise AssertionError(f"{words!r} was never run: {process.communicate(timeout=LIMIT_S)[0]}")


@pytest.mark.parametrize(
    ("number", "during"),
    [
        (signal.SIGTERM, "rookery seed"),
        (signal.SIGINT, "bench.serve"),
        pytest.param(
            signal.SIGTERM, "--timeout 10s", marks=pytest.mark.skipif(not shutil.which("wrk"), reason="wrk is missing")
        ),
    ],
)
def test_a_signal_ends_everything(folder: Path, number: signal.Signals, during: str) -> None:
    process = begin(folder, "growth", "--users", "1000")
    family = family_with(process, during)
    process.send_signal(number)
    output, _ = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 128 + number, output
    assert "Traceback" not in output
    _, alive = psutil.wait_procs(family, timeout=5)
    assert alive == []
    assert list((folder / "tmp").iterdir()) == []


def test_who_kills_it_ends_its_children_too(folder: Path) -> None:
    process = begin(folder, "growth", "--users", "1000")
    family = family_with(process, "rookery work")
    process.kill()
    process.communicate(timeout=LIMIT_S)
    _, alive = psutil.wait_procs(family, timeout=30)
    assert alive == []


def test_a_failed_benchmark_says_why_and_fails_the_run(folder: Path) -> None:
    latest = folder / "var" / "bench" / "latest.json"
    latest.parent.mkdir(parents=True)
    latest.write_text('{"rows": [{"name": "growth/home-read/1000"}, {"name": "start"}]}')
    process = begin(folder, "growth", "--users", "1000", "--json", "rows.json", path="/nowhere")
    output, _ = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 1
    assert "growth: wrk is not installed" in output
    assert json.loads(latest.read_text()) == {"rows": [{"name": "start"}]}
    assert json.loads((folder / "rows.json").read_text()) == {"rows": []}
    assert list((folder / "tmp").iterdir()) == []
