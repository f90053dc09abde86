"""Runs one job in a child process: bounded in memory, time and output, and unable to take us with it.

The child is a fresh interpreter with an empty environment, so that it inherits no secret, no connection and none of
our memory. It confines itself first thing (`process.confinement`); we kill it at its deadline, or when nobody wants the
result any more. What it says and what it leaves are taken for a stranger's.
"""

import asyncio
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from rookery.contracts.media import MediaKind
from rookery.kit.settings import Settings
from rookery.media.process.jobs import Confined, Done, Failed, Job, Limits, Message, Progress, Used

MIB: Final = 1024 * 1024
MAX_SIDE: Final = 16_384  # pixels: WebP and H.264 end there
MAX_MOVING_SIDE: Final = 4_096
MAX_MOVING_PIXELS: Final = 4_096 * 2_304  # of each frame
MAX_GIF_FRAMES: Final = 1_500
FRAMES_PER_S: Final = 60

# Address space, of which less is ever touched: 50 megapixels of AVIF, the worst, touch 781 MiB.
STILL_MEMORY_BYTES: Final = 512 * MIB
STILL_MEMORY_PER_PIXEL: Final = 24
MOVING_MEMORY_BYTES: Final = 2_048 * MIB
STILL_CPU_S: Final = 60
MOVING_CPU_S: Final = 1_200
OUTPUT_BYTES: Final = 1_024 * MIB
CARD_SIZES: Final = (400, 1200)  # pixels: the square beside the words of a card, the width of a card
CARD_MAX_PIXELS: Final = 25_000_000
CARD_CPU_S: Final = 5
WALL_PER_CPU: Final = 4  # a child of lowest priority on a busy machine waits most of the time

COMMAND: Final = (sys.executable, "-I", "-m", "rookery.media.process")
LINE_BYTES: Final = 64 * 1024
CRASHED: Final = Failed("damaged", "is damaged or not what it seems to be")
EXHAUSTED: Final = Failed("too_complex", "needs more time or memory than a file may take")

_decode = msgspec.json.Decoder(Message).decode


class Outcome(Struct, frozen=True):
    """How a child ended. `peak_bytes`: the most memory that it had at once, 0 for one that was killed. `held`: what
    confined it, by name; empty for one that did not come so far.
    """

    answer: Done | Failed
    peak_bytes: int
    status: int
    held: tuple[str, ...] = ()


def limits_for(kind: MediaKind, settings: Settings) -> Limits:
    if kind == "image":
        return Limits(
            max_pixels=settings.media_image_max_pixels,
            max_side=MAX_SIDE,
            max_frames=1,
            max_duration_s=0,
            memory_bytes=STILL_MEMORY_BYTES + STILL_MEMORY_PER_PIXEL * settings.media_image_max_pixels,
            cpu_s=STILL_CPU_S,
            output_bytes=OUTPUT_BYTES,
        )
    frames = MAX_GIF_FRAMES if kind == "gif" else settings.media_video_max_s * FRAMES_PER_S
    return Limits(
        max_pixels=min(MAX_MOVING_PIXELS, settings.media_image_max_pixels),
        max_side=MAX_MOVING_SIDE,
        max_frames=frames,
        max_duration_s=settings.media_video_max_s,
        memory_bytes=MOVING_MEMORY_BYTES,
        cpu_s=MOVING_CPU_S,
        output_bytes=OUTPUT_BYTES,
    )


def card_limits(settings: Settings) -> Limits:
    """Tighter than for what people upload: these are others' files, and nobody has asked for this one."""
    max_pixels = min(CARD_MAX_PIXELS, settings.media_image_max_pixels)
    return msgspec.structs.replace(
        limits_for("image", settings),
        max_pixels=max_pixels,
        memory_bytes=STILL_MEMORY_BYTES + STILL_MEMORY_PER_PIXEL * max_pixels,
        cpu_s=CARD_CPU_S,
    )


async def run_child(job: Job, on_progress: Callable[[float], None] = lambda _: None) -> Outcome:
    """Run a job to its end, whatever the child does. Cancelling kills the child and waits until it is gone."""
    loop = asyncio.get_running_loop()

    def tell(share: float) -> None:
        loop.call_soon_threadsafe(on_progress, share)

    child = Child(job, tell)
    running = asyncio.create_task(asyncio.to_thread(child.run))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        child.kill()
        await running
        raise


class Child:
    """One process, and what it said. `run` blocks; the other methods may be called from other threads."""

    def __init__(self, job: Job, on_progress: Callable[[float], None]) -> None:
        self._job = job
        self._on_progress = on_progress
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._unwanted = False
        self._peak_bytes = 0
        self._held: tuple[str, ...] = ()

    def run(self) -> Outcome:
        with self._lock:
            if self._unwanted:
                return Outcome(EXHAUSTED, 0, -signal.SIGKILL)
            process = self._process = start_child()
        deadline = threading.Timer(self._job.limits.cpu_s * WALL_PER_CPU, self.kill)
        deadline.start()
        try:
            _give(process, self._job)
            said = self._listen(process)
            status = process.wait()
        finally:
            deadline.cancel()
            with self._lock:
                self._process = None
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        return Outcome(_answer_of(status, said, Path(self._job.folder)), self._peak_bytes, status, self._held)

    def kill(self) -> None:
        with self._lock:
            self._unwanted = True
            if self._process is not None:
                self._process.kill()

    def _listen(self, process: "subprocess.Popen[bytes]") -> Message | None:
        """The last message. What is no message ends the conversation: the child is not what we started any more."""
        last: Message | None = None
        assert process.stdout is not None  # noqa: S101 - a pipe
        while line := process.stdout.readline(LINE_BYTES):
            try:
                last = _decode(line)
            except (msgspec.MsgspecError, UnicodeDecodeError):
                self.kill()
                return None
            if isinstance(last, Progress):
                self._on_progress(last.share)
            elif isinstance(last, Used):
                self._peak_bytes = last.peak_bytes
            elif isinstance(last, Confined):
                self._held = last.held
        return last


def start_child() -> "subprocess.Popen[bytes]":
    """With one working thread, however many processors there are: more would take memory by their number."""
    environment = {
        "VIPS_CONCURRENCY": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "VIPS_BLOCK_UNTRUSTED": "1",
        "MALLOC_ARENA_MAX": "2",
    }
    return subprocess.Popen(  # noqa: S603 - our own
        COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd="/",
        start_new_session=True,
        close_fds=True,
    )


def _give(process: Any, job: Job) -> None:
    try:
        process.stdin.write(msgspec.json.encode(job))
        process.stdin.close()
    except BrokenPipeError:  # it died already, and its status says how
        return


def _answer_of(status: int, said: Message | None, folder: Path) -> Done | Failed:
    """What the child says counts only when it then ended well, and left what it says."""
    if status == 0 and isinstance(said, Failed):
        return said
    if status == 0 and isinstance(said, Done) and all(_is_left(folder, result.file) for result in said.results):
        return said
    return EXHAUSTED if status in (-signal.SIGKILL, -signal.SIGXCPU, -signal.SIGXFSZ) else CRASHED


def _is_left(folder: Path, name: str) -> bool:
    """Whether this is a file of the folder: a link would lead us to what the child may not read itself."""
    try:
        return Path(name).name == name and stat.S_ISREG((folder / name).lstat().st_mode)
    except (OSError, ValueError):
        return False


def job_for(kind: MediaKind, format_: str, source: Path, folder: Path, settings: Settings, **more: Any) -> Job:
    """A job of this kind within our limits."""
    return Job(source=str(source), format=format_, folder=str(folder), limits=limits_for(kind, settings), **more)


def card_job_for(format_: str, source: Path, folder: Path, settings: Settings) -> Job:
    """The first frame of a page's picture, fit for a card."""
    return Job(
        source=str(source),
        format=format_,
        folder=str(folder),
        limits=card_limits(settings),
        sizes=CARD_SIZES,
        still=True,
    )
