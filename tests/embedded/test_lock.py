"""One holder for each folder, and none after its death."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rookery.embedded.errors import EmbeddedError
from rookery.embedded.lock import VarLock, address_of, holder_of

HOLD = """
import pathlib, signal, sys
from rookery.embedded.lock import VarLock
with VarLock(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    signal.pause()
"""


def test_a_second_holder_is_refused_until_the_first_is_dead(tmp_path: Path) -> None:
    assert holder_of(tmp_path) is None
    with subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True) as holder:
        try:
            assert holder.stdout is not None and holder.stdout.readline() == "held\n"
            assert holder_of(tmp_path) == holder.pid
            with pytest.raises(EmbeddedError, match=rf"runs already in {tmp_path} \(process {holder.pid}\)"):
                VarLock(tmp_path).__enter__()
        finally:
            holder.kill()
    assert holder_of(tmp_path) is None
    with VarLock(tmp_path):
        pass


def test_it_can_be_taken_again_after_release(tmp_path: Path) -> None:
    lock = VarLock(tmp_path / "var")
    for _ in range(2):
        with lock, pytest.raises(EmbeddedError, match="runs already"):
            VarLock(tmp_path / "var").__enter__()
    assert holder_of(tmp_path / "var") is None


def test_a_lock_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rookery.lock").mkdir()
    with pytest.raises(EmbeddedError, match=r"cannot write .*rookery\.lock"):
        VarLock(tmp_path).__enter__()


@pytest.mark.parametrize("address", [("127.0.0.1", 9000), ("::1", 9000), ("", 80)])
def test_it_says_where_its_holder_listens(tmp_path: Path, address: tuple[str, int]) -> None:
    assert address_of(tmp_path) is None
    with VarLock(tmp_path, address):
        assert (holder_of(tmp_path), address_of(tmp_path)) == (os.getpid(), address)
    with VarLock(tmp_path):
        assert (holder_of(tmp_path), address_of(tmp_path)) == (os.getpid(), None)


@pytest.mark.parametrize("text", ["", "7\n", "7\nnonsense\n", "7\nlocalhost:http\n"])
def test_files_without_an_address_are_tolerated(tmp_path: Path, text: str) -> None:
    (tmp_path / "rookery.lock").write_text(text)
    assert address_of(tmp_path) is None
