"""A child process: its log, its failures to start, its end."""

import os
import signal
import sys
from pathlib import Path

import pytest

from rookery.embedded import process
from rookery.embedded.errors import EmbeddedError
from rookery.embedded.process import Child, Command, last_log_line, rotate


def command(folder: Path, *argv: str) -> Command:
    return Command("it", argv, dict(os.environ), folder / "it.log")


async def test_output_goes_to_the_log_and_the_exit_code_is_kept(tmp_path: Path) -> None:
    child = Child(command(tmp_path, sys.executable, "-c", "import sys; print('out'); sys.exit('err')"))
    assert child.exit_code is None and child.pid is None
    child.start()
    assert await child.wait()
    assert child.exit_code == 1 and child.pid is None
    assert sorted((tmp_path / "it.log").read_text().split()) == ["err", "out"]
    await child.stop()


async def test_a_missing_program_is_named_in_the_log(tmp_path: Path) -> None:
    child = Child(command(tmp_path, str(tmp_path / "nothing")))
    child.start()
    await child.wait()
    assert child.exit_code == 127
    assert (tmp_path / "it.log").read_text() == f"rookery: {tmp_path / 'nothing'} is missing\n"


async def test_a_program_that_is_none_is_named_in_the_log(tmp_path: Path) -> None:
    child = Child(command(tmp_path, str(tmp_path)))
    child.start()
    await child.wait()
    assert child.exit_code == 126
    assert "cannot run" in (tmp_path / "it.log").read_text()


async def test_an_unwritable_log_is_refused(tmp_path: Path) -> None:
    (tmp_path / "it.log").mkdir()
    with pytest.raises(EmbeddedError, match=r"cannot write .*it\.log"):
        Child(command(tmp_path, sys.executable, "-c", "pass")).start()


async def test_a_signal_that_ended_it_is_its_negative_exit_code(tmp_path: Path) -> None:
    child = Child(command(tmp_path, sys.executable, "-c", "import signal; signal.pause()"))
    child.start()
    assert child.pid is not None
    os.kill(child.pid, signal.SIGUSR1)
    assert await child.wait()
    assert child.exit_code == -signal.SIGUSR1


def test_a_full_log_is_moved_aside_and_stays_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "LOG_MAX_BYTES", 100)
    log, older = tmp_path / "it.log", tmp_path / "it.log.1"
    with log.open("ab", buffering=0) as writer:
        writer.write(b"a" * 99)
        rotate(log)
        assert not older.exists()
        writer.write(b"b" * 500)
        rotate(log)
        assert (log.read_bytes(), older.read_bytes()) == (b"", b"b" * 100)
        writer.write(b"c")
        assert log.read_bytes() == b"c"


def test_the_last_telling_line(tmp_path: Path) -> None:
    log = tmp_path / "it.log"
    assert last_log_line(log, 0, ["FATAL:"]) == ""
    log.write_text("FATAL: old\n")
    start = log.stat().st_size
    log.write_text("FATAL: old\nFATAL: the reason\nLOG: shut down\n")
    assert last_log_line(log, start, ["FATAL:"]) == "FATAL: the reason"
    assert last_log_line(log, start, ["PANIC:"]) == "LOG: shut down"
