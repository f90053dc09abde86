"""Videos and GIFs become MP4 that plays anywhere, upright, without what else was in them."""

import io
from pathlib import Path
from typing import Any

import av
import httpx
import pytest

from tests.media import files
from tests.media.test_uploads import Ready, fetched
from tests.people import Person


class Played:
    """What a player finds in a file."""

    def __init__(self, content: bytes) -> None:
        opened: Any = av.open(io.BytesIO(content))
        with opened as source:
            picture = source.streams.video[0]
            self.codec = picture.codec_context.name
            self.size = (picture.width, picture.height)
            self.pix_fmt = picture.pix_fmt
            self.sound = [stream.codec_context.name for stream in source.streams.audio]
            self.duration_s = (source.duration or 0) / av.time_base
            self.metadata = dict(source.metadata)
            self.frames = [frame.to_ndarray(format="rgb24") for frame in source.decode(picture)]
        self.starts_fast = content.index(b"moov") < content.index(b"mdat")


CONTAINERS: dict[str, dict[str, Any]] = {
    "mp4": {"container": "mp4"},
    "mov": {"container": "mov"},
    "webm": {"container": "webm", "codec": "libvpx-vp9", "sound": "libopus"},
}


@pytest.mark.parametrize("container", CONTAINERS)
async def test_a_video_becomes_mp4(
    client: httpx.AsyncClient, ana: Person, ready: Ready, tmp_path: Path, container: str
) -> None:
    sent = files.video(tmp_path / "made", frames=50, **CONTAINERS[container])

    done = await ready(ana, sent)

    assert (done["kind"], done["width"], done["height"]) == ("video", 320, 240)
    assert abs(done["duration_ms"] - 2000) < 100
    answer = await fetched(client, done["url"])
    assert answer.headers["content-type"] == "video/mp4"
    assert files.MARK.encode() not in answer.content and b"+48.8577" not in answer.content
    played = Played(answer.content)
    assert (played.codec, played.pix_fmt, played.size) == ("h264", "yuv420p", (320, 240))
    assert played.sound == ["aac"]
    assert played.starts_fast
    assert len(played.frames) == 50
    red, _, blue = played.frames[0][120, 80]
    assert red > 150 and blue < 80
    poster = await fetched(client, done["poster_url"])
    assert poster.headers["content-type"] == "image/webp"
    assert [(size["width"], size["type"]) for size in done["sizes"]] == [(320, "image/webp")]


async def test_sound_and_picture_stay_together(
    client: httpx.AsyncClient, ana: Person, ready: Ready, tmp_path: Path
) -> None:
    """A picture that begins two seconds after the sound does so afterwards."""
    sent = files.video(
        tmp_path / "made", frames=25, times=range(50, 75), container="webm", codec="libvpx-vp9", sound="libopus"
    )

    done = await ready(ana, sent)

    assert abs(done["duration_ms"] - 3000) < 150
    assert abs(Played((await fetched(client, done["url"])).content).duration_s - 3.0) < 0.15


async def test_a_large_video_is_made_smaller(
    client: httpx.AsyncClient, ana: Person, ready: Ready, tmp_path: Path
) -> None:
    done = await ready(ana, files.video(tmp_path / "made", size=(1920, 1080), frames=10, sound=None))

    played = Played((await fetched(client, done["url"])).content)
    assert played.size == (1280, 720) == (done["width"], done["height"])
    assert played.sound == []
    assert [size["width"] for size in done["sizes"]] == [480, 1080, 1280]


async def test_a_gif_becomes_a_silent_video(client: httpx.AsyncClient, ana: Person, ready: Ready) -> None:
    done = await ready(ana, files.gif(frames=12, duration_ms=100))

    assert (done["kind"], done["width"], done["height"]) == ("gif", 64, 48)
    assert abs(done["duration_ms"] - 1200) < 50
    played = Played((await fetched(client, done["url"])).content)
    assert (played.codec, played.sound, len(played.frames)) == ("h264", [], 12)


async def test_a_gif_that_stands_still_is_an_image(ana: Person, ready: Ready) -> None:
    done = await ready(ana, files.gif(frames=1))

    assert (done["kind"], done["poster_url"], done["duration_ms"]) == ("image", None, None)
    assert done["url"].endswith(".webp")


async def test_a_video_held_upright_stands_upright(
    client: httpx.AsyncClient, ana: Person, ready: Ready, tmp_path: Path
) -> None:
    """Phones write the picture lying, and by how much to turn it: here a quarter clockwise, as an iPhone does."""
    lying = files.video(tmp_path / "made", frames=10, sound=None)
    turned = files.patched(lying, b"tkhd", 40, _matrix(0, 1, -1, 0))

    done = await ready(ana, turned)

    played = Played((await fetched(client, done["url"])).content)
    assert played.size == (240, 320) == (done["width"], done["height"])
    red_above = played.frames[0][40, 120][0]
    red_below = played.frames[0][280, 120][0]
    assert red_above > 150 > red_below  # what was left is above


def _matrix(a: int, b: int, c: int, d: int) -> bytes:
    """A display matrix of ISO/IEC 14496-12: 16.16 numbers, the last column 2.30."""
    rows = [a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 1 << 30]
    return b"".join((value & 0xFFFFFFFF).to_bytes(4, "big") for value in rows)


async def test_odd_sizes_are_made_even(client: httpx.AsyncClient, ana: Person, ready: Ready) -> None:
    done = await ready(ana, files.gif(width=33, height=21))

    assert Played((await fetched(client, done["url"])).content).size == (32, 20)
