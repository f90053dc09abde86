"""Whether children can do their work on this machine, and what confines them, told once when a worker starts."""

from typing import Final

import structlog
from msgspec import Struct

from rookery.kit.settings import Settings
from rookery.media.children import job_for, run_child
from rookery.media.process.jobs import Done
from rookery.media.temporary import temp_folder

WANTED: Final = ("limits", "landlock", "seccomp")
SMALLEST_GIF: Final = b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"  # a pixel

log = structlog.get_logger(__name__)


class Trial(Struct, frozen=True):
    """`held`: what confines a child, as it names it; `missing`: those of WANTED that do not."""

    works: bool
    held: tuple[str, ...]
    missing: tuple[str, ...]


async def try_child(settings: Settings) -> Trial:
    """The smallest job that needs FFmpeg and libvips both; done in less than a second."""
    with temp_folder(settings) as folder:
        source = folder / "source"
        source.write_bytes(SMALLEST_GIF)
        outcome = await run_child(job_for("gif", "gif", source, folder, settings))
    names = {name.split()[0] for name in outcome.held}
    missing = tuple(name for name in WANTED if name not in names)
    return Trial(isinstance(outcome.answer, Done), outcome.held, missing)


async def tell_trial(settings: Settings) -> None:
    trial = await try_child(settings)
    if not trial.works:
        log.error("media.children_fail", confined_by=trial.held)
    elif trial.missing:
        log.warning("media.children_confined", confined_by=trial.held, missing=trial.missing)
    else:
        log.info("media.children_confined", confined_by=trial.held)
