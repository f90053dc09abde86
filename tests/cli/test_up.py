"""`rookery up`: each obstacle is one clear line on stderr and a non-zero exit."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from rookery.embedded.lock import VarLock


def up(*options: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ROOKERY_")}
    return subprocess.run(
        [sys.executable, "-m", "rookery", "up", *options],
        env={**inherited, **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def refuses(done: "subprocess.CompletedProcess[str]", pattern: str) -> None:
    assert done.returncode == 1, done
    assert done.stderr.count("\n") == 1
    assert re.match(f"Error: .*{pattern}", done.stderr), done.stderr


def test_a_second_start_is_refused(tmp_path: Path) -> None:
    with VarLock(tmp_path):
        refuses(up("--no-web", "--var", str(tmp_path)), rf"runs already in {tmp_path} \(process {os.getpid()}\)")


@pytest.mark.parametrize("variable", ["PORT", "ROOKERY_PORT", "--port"])
def test_a_taken_port_is_refused(tmp_path: Path, variable: str) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        port = str(listener.getsockname()[1])
        options = ["--port", port] if variable == "--port" else []
        environ = {} if variable == "--port" else {variable: port}
        refuses(up("--no-web", "--var", str(tmp_path), *options, **environ), f"port {port} is taken")
    assert not (tmp_path / "postgres").exists()


def test_a_corrupt_data_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "base").mkdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    refuses(up("--no-web", "--port", str(port), ROOKERY_VAR=str(tmp_path)), "PG_VERSION is missing")


def test_a_missing_web_build_is_refused(tmp_path: Path) -> None:
    done = up("--var", str(tmp_path / "var"), ROOKERY_WEB_DIST=str(tmp_path))
    refuses(done, "the web app is not built .* run `make up`")
    assert not (tmp_path / "var").exists()


def test_a_file_in_the_place_of_var_is_refused(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")
    refuses(up("--no-web", "--var", str(tmp_path / "var")), "is in the way")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_unwritable_var_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    refuses(up("--no-web", "--var", str(tmp_path / "var")), "Permission denied")


@pytest.mark.skipif(sys.platform != "linux", reason="/proc takes no folders, not even from root")
def test_an_unwritable_place_is_refused() -> None:
    refuses(up("--no-web", "--var", "/proc/rookery"), "cannot use the folder /proc/rookery")


@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_a_port_that_is_none_is_refused(tmp_path: Path, port: str) -> None:
    done = up("--no-web", "--var", str(tmp_path / "var"), PORT=port)
    assert done.returncode == 2
    assert "Invalid value for '--port'" in done.stderr
