"""What a decoder that was taken over can still do: the probe tries it, in a child as ours are."""

import json
import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import msgspec
import pytest

from rookery.kit.settings import Settings
from rookery.media.children import job_for
from rookery.media.process import landlock
from rookery.media.process.syscalls import MACHINES
from tests.media.process.probe import Plan

PROBE = Path(__file__).with_name("probe.py")

ALLOWED = ("read its source", "use its folder", "import", "load a library", "start a thread", "signal itself")
FILES = (
    "read /etc/passwd",
    "list /",
    "read what its parent was given",
    "read another upload",
    "list other uploads",
    "write to another upload",
    "delete another upload",
    "write its source",
    "write beside its folder",
    "write to shared memory",
    "leave a pipe",
)
LINKS = ("leave a link", "leave another's file")
REACH = ("connect over TCP", "connect to a name", "listen", "run a program", "see its parent", "stop its parent")
CALLS_ONLY = ("connect to a file", "open another upload to everybody", "fork", "raise its limit")

has_landlock = pytest.mark.skipif(
    sys.platform != "linux" or landlock.abi() < landlock.ABI_TESTED, reason="a kernel with Landlock 7"
)
has_filters = pytest.mark.skipif(
    sys.platform != "linux" or os.uname().machine not in MACHINES, reason="Linux on x86-64 or ARM64"
)


@pytest.fixture
def plan(tmp_path: Path) -> Iterator[Plan]:
    """A job beside another upload, and somebody who listens in each way."""
    mine, theirs = tmp_path / "mine", tmp_path / "theirs"
    (mine / "results").mkdir(parents=True)
    theirs.mkdir()
    (mine / "source").write_bytes(b"a source")
    (theirs / "source").write_bytes(b"a secret")
    abstract = f"rookery-{secrets.token_hex(8)}"
    with ExitStack() as open_:
        tcp = open_.enter_context(socket.create_server(("127.0.0.1", 0)))
        for address in (str(tmp_path / "socket"), f"\0{abstract}"):
            listener = open_.enter_context(socket.socket(socket.AF_UNIX))
            listener.bind(address)
            listener.listen()
        yield Plan(
            job=job_for("image", "png", mine / "source", mine / "results", Settings()),
            stranger=str(theirs / "source"),
            tcp=tcp.getsockname(),
            unix=str(tmp_path / "socket"),
            abstract=abstract,
        )


def probe(plan: Plan) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-I", "-c", PROBE.read_text()],
        input=msgspec.json.encode(plan),
        capture_output=True,
        env={},
        cwd="/",
        start_new_session=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr.decode()
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def ended(told: dict[str, Any], names: tuple[str, ...]) -> set[str | None]:
    return {told["ended"].pop(name) for name in names}


@has_landlock
@has_filters
def test_a_child_can_do_its_work_and_nothing_else(plan: Plan) -> None:
    told = probe(plan)

    assert told["held"] == ["limits", "landlock 7", "seccomp"]
    assert ended(told, (*ALLOWED, "use a temporary file")) == {None}
    assert set(told["ended"].values()) <= {"EPERM", "EACCES"}, told["ended"]
    assert set(told["calls"].values()) == {"EPERM"}, told["calls"]
    assert Path(plan.stranger).read_bytes() == b"a secret"
    assert list(Path(plan.job.folder).iterdir()) == []


@has_landlock
def test_landlock_alone_keeps_files_connections_and_programs_away(plan: Plan) -> None:
    plan.by = "landlock"
    told = probe(plan)

    assert ended(told, ALLOWED) == {None}
    assert ended(told, FILES) == {"EACCES"}
    assert ended(told, LINKS) == {"EACCES", "EXDEV"}
    assert ended(told, REACH) == {"EACCES", "EPERM"}


@has_landlock
@pytest.mark.parametrize("version", range(1, landlock.ABI_TESTED))
def test_older_kernels_keep_what_they_can_away(plan: Plan, version: int) -> None:
    plan.by, plan.version = "landlock", version
    if version < 6:
        plan.without = ["stop its parent"]
    told = probe(plan)

    assert ended(told, ALLOWED) == {None}
    assert ended(told, FILES) == {"EACCES"}
    assert told["ended"]["connect over TCP"] == (None if version < 4 else "EACCES")
    assert told["ended"]["run a program"] == "EACCES"


@has_filters
def test_the_filter_alone_keeps_the_network_and_other_processes_away(plan: Plan) -> None:
    plan.by = "seccomp"
    told = probe(plan)

    assert ended(told, ALLOWED) == {None}
    assert ended(told, (*LINKS, *REACH, *CALLS_ONLY, "start a program", "leave a pipe")) == {"EPERM"}
    assert set(told["calls"].values()) == {"EPERM"}, told["calls"]


def test_without_them_each_attempt_works(plan: Plan) -> None:
    """So that it is they that end the attempts above."""
    plan.by, plan.without = "nothing", ["run a program", "stop its parent"]
    assert set(probe(plan)["ended"].values()) == {None}


def test_there_is_one_thread_when_a_child_confines_itself(plan: Plan) -> None:
    """Those that were there before would stay free."""
    assert probe(plan)["threads"] == 1
