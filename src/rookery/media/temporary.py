"""Files that live as long as a request or a job, on disk, and what is done about those that a killed process leaves."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from rookery.kit.settings import Settings

PREFIX: Final = "rookery-media-"
LEFT_S: Final = 24 * 3600  # longer than any upload or job takes


def temp_root(settings: Settings) -> Path:
    if not settings.media_temp_dir:
        return Path(tempfile.gettempdir())
    root = Path(settings.media_temp_dir).absolute()
    root.mkdir(parents=True, exist_ok=True)
    return root


@contextmanager
def temp_folder(settings: Settings) -> Iterator[Path]:
    """An empty folder, gone with all that is in it afterwards."""
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir=temp_root(settings)) as name:
        yield Path(name)


def clear_left(settings: Settings, now_s: float | None = None) -> int:
    """Delete the folders of processes that were killed; returns how many."""
    before_s = (time.time() if now_s is None else now_s) - LEFT_S
    left = [each for each in temp_root(settings).glob(f"{PREFIX}*") if each.stat().st_mtime < before_s]
    for folder in left:
        shutil.rmtree(folder, ignore_errors=True)
    return len(left)
