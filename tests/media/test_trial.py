"""What a worker tells when it starts."""

import sys
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from rookery.kit.settings import Settings
from rookery.media import children
from rookery.media.process import landlock
from rookery.media.trial import WANTED, tell_trial, try_child
from tests.media.process.test_confinement import has_filters


async def told(settings: Settings) -> dict[str, Any]:
    with capture_logs() as logs:
        await tell_trial(settings)
    (line,) = [dict(line) for line in logs]
    return line


async def test_children_work_and_say_what_holds_them(tmp_path: Path) -> None:
    trial = await try_child(Settings(media_temp_dir=str(tmp_path)))

    assert trial.works
    assert trial.held[0] == "limits"
    assert not list(tmp_path.iterdir())


@has_filters
@pytest.mark.skipif(not landlock.abi(), reason="a kernel with Landlock")
async def test_a_worker_tells_what_confines_its_children() -> None:
    version = min(landlock.abi(), landlock.ABI_TESTED)
    assert await told(Settings()) == {
        "event": "media.children_confined",
        "log_level": "info",
        "confined_by": ("limits", f"landlock {version}", "seccomp"),
    }


async def test_a_worker_warns_of_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A child of a kernel without either."""
    code = (
        "from rookery.media.process import __main__, landlock, syscalls;"
        "landlock.abi = lambda: 0; syscalls.MACHINES = {}; __main__.main()"
    )
    monkeypatch.setattr(children, "COMMAND", (sys.executable, "-I", "-c", code))
    assert await told(Settings()) == {
        "event": "media.children_confined",
        "log_level": "warning",
        "confined_by": ("limits",),
        "missing": WANTED[1:],
    }


async def test_a_worker_cries_when_children_cannot_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "COMMAND", (sys.executable, "-I", "-c", "raise SystemExit(3)"))
    assert await told(Settings()) == {"event": "media.children_fail", "log_level": "error", "confined_by": ()}
