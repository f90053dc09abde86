"""Hostile files: each ends as stated, in a child within its memory and time, whatever it is."""

import asyncio
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import msgspec
import pytest

from rookery.kit.settings import Settings
from rookery.media import children
from rookery.media.children import MIB, Outcome, job_for, run_child, start_child
from rookery.media.formats import KIND_OF, format_of
from rookery.media.process.jobs import Done, Failed, Job, Limits
from tests.media import files
from tests.media.conftest import Processed, upload
from tests.people import Person

PEAK_STILL = 400 * MIB
PEAK_MOVING = 300 * MIB
SETTINGS = Settings()

Make = Callable[[Path], bytes]

JPEG_POLYGLOT = files.jpeg() + files.SCRIPT
GIF_POLYGLOT = files.gif() + b"/*" + files.SCRIPT + b"*/"
PNG_POLYGLOT = files.png() + b"PK\x03\x04" + bytes(26) + b"PK\x05\x06" + bytes(18)
DURATION = 4 + 4 + 4 + 4  # behind version and flags, times of creation and change, and the time scale
DELTA = 4 + 4 + 4  # behind version and flags, the number of entries, and of pictures in the first
AVC1_WIDTH = 24

# What is sent, and the code with which it fails; None: it is harmless, and made into something that is.
CASES: dict[str, tuple[Make, str | None]] = {
    "png of 400 megapixels": (lambda _: files.png_bomb(20_000, 20_000), "too_many_pixels"),
    "png of 60 megapixels": (lambda _: files.png_bomb(8_000, 7_500), "too_many_pixels"),
    "png with a side of 20,000": (lambda _: files.png_bomb(20_000, 10), "too_many_pixels"),
    "png with a comment of 500 MB": (lambda _: files.png_with_text_bomb(), None),
    "png that lies about its size": (lambda _: _png_that_lies(), "damaged"),
    "gif of 4,000 frames": (lambda _: files.gif(4_000, 16, 16, duration_ms=20), "too_many_frames"),
    "gif of an hour": (lambda _: files.gif(8, duration_ms=500_000), "too_long"),
    "gif of 65,535 pixels square": (lambda _: b"GIF89a\xff\xff\xff\xff" + files.gif()[10:], "damaged"),
    "jpeg and html": (lambda _: JPEG_POLYGLOT, None),
    "gif and script": (lambda _: GIF_POLYGLOT, None),
    "png and zip": (lambda _: PNG_POLYGLOT, None),
    "gif that is html": (lambda _: b"GIF89a" + files.SCRIPT, "damaged"),
    "jpeg that is svg": (lambda _: b"\xff\xd8\xff<svg xmlns='http://www.w3.org/2000/svg'/>" + bytes(64), "damaged"),
    "webp that is png": (lambda _: b"RIFF\0\0\0\0WEBP" + files.png(), "damaged"),
    "truncated jpeg": (lambda _: files.jpeg()[:-3000], "damaged"),
    "truncated png": (lambda _: files.png(900, 700)[:4000], "damaged"),
    "truncated webp": (lambda _: files.webp(900, 700)[:2000], "damaged"),
    "truncated avif": (lambda _: files.avif()[:-200], "damaged"),
    "truncated heic": (lambda _: files.heic()[:-200], "damaged"),
    "truncated mp4": (lambda path: files.video(path)[:-3000], "damaged"),
    "truncated webm": (
        lambda path: files.video(path, container="webm", codec="libvpx-vp9", sound="libopus", frames=100)[:4_000],
        "truncated",
    ),
    "random behind jpeg": (lambda _: files.noise(b"\xff\xd8\xff"), "damaged"),
    "random behind png": (lambda _: files.noise(b"\x89PNG\r\n\x1a\n"), "damaged"),
    "random behind gif": (lambda _: files.noise(b"GIF89a"), "damaged"),
    "random behind webp": (lambda _: files.noise(b"RIFF\0\1\0\0WEBPVP8 "), "damaged"),
    "random behind avif": (lambda _: files.noise(b"\0\0\0\x18ftypavif\0\0\0\0avifmif1"), "damaged"),
    "random behind heic": (lambda _: files.noise(b"\0\0\0\x18ftypheic\0\0\0\0heicmif1"), "damaged"),
    "random behind mp4": (lambda _: files.noise(b"\0\0\0\x18ftypisom\0\0\0\0isommp42"), "damaged"),
    "random behind webm": (lambda _: files.noise(b"\x1a\x45\xdf\xa3"), "damaged"),
    "mp4 of sound alone": (lambda path: _only_sound(path), "no_picture"),
    "mp4 that says it lasts for years": (
        lambda path: files.patched(files.video(path), b"mvhd", DURATION, b"\x7f\xff\xff\xff"),
        None,  # its tracks know better
    ),
    "mp4 whose pictures lie hours apart": (
        lambda path: files.patched(files.video(path, sound=None), b"stts", DELTA, b"\x0f\xff\xff\xff"),
        None,  # FFmpeg puts them as near as they can be
    ),
    "mp4 that lasts too long": (
        lambda path: files.video(path, frames=3, rate=1, times=[0, 1, 200], sound=None),
        "too_long",
    ),
    "mp4 that says it is enormous": (
        lambda path: files.patched(files.video(path), b"avc1", AVC1_WIDTH, b"\xff\xff\xff\xff"),
        None,  # the pictures themselves say how large they are
    ),
    "mp4 with pictures too large": (
        lambda path: files.video(path, size=(4_200, 64), frames=2, sound=None),
        "too_many_pixels",
    ),
}


def _png_that_lies() -> bytes:
    """50 megapixels by its header, of which it holds one row."""
    whole = files.png_bomb(7_000, 1)
    header = (7_000).to_bytes(4, "big") * 2 + b"\x08\x00\x00\x00\x00"
    return whole[:8] + files.png_chunk(b"IHDR", header) + whole[33:]


def _only_sound(path: Path) -> bytes:
    import av

    with av.open(str(path), "w", format="mp4") as out:
        tone = files._tone(out, "aac")
        for index in range(25):
            out.mux(tone.encode(files._beep(index, 25)))
        out.mux(tone.encode(None))
    return path.read_bytes()


async def run(content: bytes, tmp_path: Path, settings: Settings = SETTINGS) -> tuple[Outcome, Path]:
    source, folder = tmp_path / "source", tmp_path / "results"
    folder.mkdir()
    source.write_bytes(content)
    format_ = format_of(content[:64])
    assert format_ is not None
    return await run_child(job_for(KIND_OF[format_], format_, source, folder, settings)), folder


@pytest.mark.parametrize("case", CASES)
async def test_it_ends_as_stated_within_its_memory(case: str, tmp_path: Path) -> None:
    make, code = CASES[case]
    content = make(tmp_path / "made")
    moving = KIND_OF[format_of(content[:64]) or ""] != "image"

    began = time.monotonic()
    outcome, folder = await run(content, tmp_path)

    if code is None:
        assert isinstance(outcome.answer, Done), outcome
        for result in outcome.answer.results:
            served = (folder / result.file).read_bytes()
            assert files.SCRIPT not in served and b"PK\x03\x04" not in served and files.MARK.encode() not in served
    else:
        assert isinstance(outcome.answer, Failed), outcome
        assert outcome.answer.code == code, outcome
        assert outcome.answer.detail
    assert 0 < outcome.peak_bytes < (PEAK_MOVING if moving else PEAK_STILL), outcome
    assert time.monotonic() - began < 60


@pytest.mark.parametrize("make", [files.avif, files.heic, files.png])
async def test_the_largest_picture_that_we_take_fits(make: Callable[[int, int], bytes], tmp_path: Path) -> None:
    """50 megapixels, of the kind that needs most: AVIF is decoded whole, in two copies."""
    outcome, _ = await run(make(7_070, 7_070), tmp_path)

    assert isinstance(outcome.answer, Done), outcome
    assert outcome.peak_bytes < 1_100 * MIB


async def test_memory_is_taken_away_by_the_kernel(tmp_path: Path) -> None:
    """Whatever a decoder wants: with less address space than it needs, the child fails, and nothing else does."""
    source = tmp_path / "source"
    source.write_bytes(files.avif(5_000, 5_000))
    job = job_for("image", "avif", source, tmp_path, SETTINGS)
    tight = msgspec.structs.replace(job.limits, memory_bytes=330 * MIB)

    outcome = await run_child(msgspec.structs.replace(job, limits=tight))

    assert isinstance(outcome.answer, Failed)
    assert outcome.peak_bytes < 330 * MIB


async def test_time_is_taken_away_by_the_kernel(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(files.video(tmp_path / "made", size=(1280, 720), frames=300, sound=None))
    job = job_for("video", "mp4", source, tmp_path, SETTINGS)
    short = msgspec.structs.replace(job.limits, cpu_s=1)

    outcome = await run_child(msgspec.structs.replace(job, limits=short))

    assert outcome.answer == Failed("too_complex", "needs more time or memory than a file may take")
    assert outcome.status == -signal.SIGKILL


async def test_a_child_that_is_not_wanted_any_more_is_gone(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(files.video(tmp_path / "made", size=(1280, 720), frames=200, sound=None))
    begun = asyncio.Event()
    running = asyncio.create_task(run_child(job_for("video", "mp4", source, tmp_path, SETTINGS), lambda _: begun.set()))
    await asyncio.wait_for(begun.wait(), 60)

    running.cancel()
    began = time.monotonic()
    with pytest.raises(asyncio.CancelledError):
        await running

    assert time.monotonic() - began < 5


LIAR = """
import os, sys, msgspec
from rookery.media.process.jobs import Done, Job, Result
job = msgspec.json.decode(sys.stdin.buffer.read(), type=Job)
os.chdir(job.folder)
os.symlink(job.source, "link")
os.mkfifo("pipe")
os.mkdir("folder")
open("file", "w").close()
result = Result(role="size", file=%r, type="image/webp", width=1, height=1)
done = Done(kind="image", width=1, height=1, duration_ms=None, placeholder="", color="", results=[result])
sys.stdout.buffer.write(msgspec.json.encode(done))
"""


@pytest.mark.parametrize("name", ["link", "pipe", "folder", "nothing", "../source", "", "a\0b"])
async def test_what_a_child_leaves_is_no_way_to_other_files(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that was taken over where nothing confines it: we open no more than files that it wrote."""
    monkeypatch.setattr(children, "COMMAND", (sys.executable, "-I", "-c", LIAR % name))
    outcome, _ = await run(files.png(), tmp_path)
    assert outcome == Outcome(Failed("damaged", "is damaged or not what it seems to be"), 0, 0)


async def test_a_file_that_a_child_leaves_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "COMMAND", (sys.executable, "-I", "-c", LIAR % "file"))
    outcome, _ = await run(files.png(), tmp_path)
    assert isinstance(outcome.answer, Done)


def test_a_child_has_no_secret_and_cannot_free_itself() -> None:
    """It is given no environment of ours, and its bounds are hard ones."""
    os.environ["ROOKERY_SECRET_KEY_OF_TEST"] = "secret"
    child = start_child()
    try:
        environment = Path(f"/proc/{child.pid}/environ").read_bytes()
        assert b"secret" not in environment
        limits = Limits(
            max_pixels=1, max_side=1, max_frames=1, max_duration_s=1, memory_bytes=2**30, cpu_s=7, output_bytes=2**20
        )
        assert child.stdin is not None and child.stdout is not None
        fifo = Path("/dev/zero")  # an endless file: the child sits on it until its time is over or it is killed
        job = Job(source=str(fifo), format="jpeg", folder="/nowhere", limits=limits)
        child.stdin.write(msgspec.json.encode(job))
        child.stdin.close()
        deadline = time.monotonic() + 20
        while resource.prlimit(child.pid, resource.RLIMIT_CPU) != (7, 7):
            assert time.monotonic() < deadline
            time.sleep(0.001)
        assert resource.prlimit(child.pid, resource.RLIMIT_AS) == (2**30, 2**30)
    finally:
        del os.environ["ROOKERY_SECRET_KEY_OF_TEST"]
        child.kill()
        child.wait()
        child.stdout.close() if child.stdout else None


async def test_over_http_hostile_files_fail_with_a_reason_and_the_service_goes_on(
    client: httpx.AsyncClient, ana: Person, processed: Processed
) -> None:
    sent = {
        "too_many_pixels": files.png_bomb(20_000, 20_000),
        "damaged": files.noise(b"\xff\xd8\xff"),
        "too_many_frames": files.gif(2_000, 8, 8),
    }
    for code, content in sent.items():
        done = await processed(ana, await upload(ana, content))
        assert (done["state"], done["failure"]["code"], done["size_bytes"], done["url"]) == ("failed", code, 0, None)
        assert done["failure"]["detail"]
    assert (await processed(ana, await upload(ana, files.png())))["state"] == "ready"
