"""Pictures and videos that tests make: good ones, and hostile ones. All small on disk."""

import io
import random
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import av
import numpy as np
import pillow_heif
import pyvips
from PIL import Image

GPS_LATITUDE = (48.0, 51.0, 29.9987)
MARK = "a secret of the camera"
SCRIPT = b"<html><script>alert('polyglot')</script></html>"


def scene(width: int = 320, height: int = 240) -> Image.Image:
    """A gradient whose left upper corner is red and right lower one blue."""
    x, y = np.meshgrid(np.linspace(0, 255, width), np.linspace(0, 255, height))
    pixels = np.dstack([255 - x, (x + y) / 4, y]).astype(np.uint8)
    return Image.fromarray(pixels)


def saved(image: Image.Image, format_: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, format_, **options)
    return out.getvalue()


def jpeg(width: int = 320, height: int = 240, **options: Any) -> bytes:
    return saved(scene(width, height), "JPEG", quality=90, **options)


def png(width: int = 320, height: int = 240) -> bytes:
    return saved(scene(width, height), "PNG")


def webp(width: int = 320, height: int = 240) -> bytes:
    return saved(scene(width, height), "WEBP")


def avif(width: int = 320, height: int = 240) -> bytes:
    return saved(scene(width, height), "AVIF")


def heic(width: int = 320, height: int = 240) -> bytes:
    out = io.BytesIO()
    pillow_heif.from_pillow(scene(width, height)).save(out)
    return out.getvalue()


def photo(orientation: int = 6) -> bytes:
    """A JPEG as a phone writes it: turned, with GPS, a maker's note, XMP and a thumbnail of metadata around it."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = MARK
    exif.get_ifd(0x8825).update({1: "N", 2: GPS_LATITUDE, 3: "E", 4: (2.0, 17.0, 40.2)})
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{MARK}</x:xmpmeta>".encode()
    return jpeg(exif=exif, xmp=xmp, comment=MARK.encode())


def wide_gamut() -> bytes:
    """The red of sRGB, told in the numbers of Display P3, which are others."""
    red = pyvips.Image.black(64, 64, bands=3).linear(1, [255, 0, 0]).cast("uchar").copy(interpretation="srgb")
    body: bytes = red.icc_transform("p3", input_profile="srgb").jpegsave_buffer(Q=95)
    return body


def gif(frames: int = 12, width: int = 64, height: int = 48, duration_ms: int = 50) -> bytes:
    """A bar that moves."""
    pictures = []
    for index in range(frames):
        pixels = np.zeros((height, width), np.uint8)
        pixels[:, index % width] = 255
        pixels[index % height] = 128
        pictures.append(Image.fromarray(pixels))
    return saved(pictures[0], "GIF", save_all=True, append_images=pictures[1:], duration=duration_ms, loop=0)


def video(
    path: Path,
    *,
    container: str = "mp4",
    codec: str = "libx264",
    size: tuple[int, int] = (320, 240),
    frames: int = 25,
    rate: int = 25,
    sound: str | None = "aac",
    times: Sequence[int] | None = None,
) -> bytes:
    """`times` of the frames, in ticks of a frame each; `sound` is a codec or None."""
    with av.open(str(path), "w", format=container) as out:
        picture: Any = out.add_stream(codec, rate=rate)
        picture.width, picture.height = size
        picture.pix_fmt = "yuv420p"
        tone = _tone(out, sound) if sound else None
        out.metadata["comment"] = MARK
        out.metadata["location"] = "+48.8577+002.295/"
        for index, time in enumerate(times or range(frames)):
            pixels = np.zeros((size[1], size[0], 3), np.uint8)
            pixels[:, : size[0] // 2] = (200, index * 5 % 256, 30)
            frame = av.VideoFrame.from_ndarray(pixels)
            frame.pts = time
            out.mux(picture.encode(frame))
            if tone is not None:
                out.mux(tone.encode(_beep(index, rate)))
        out.mux(picture.encode(None))
        if tone is not None:
            out.mux(tone.encode(None))
    return path.read_bytes()


def _tone(out: Any, codec: str) -> Any:
    stream = out.add_stream(codec, rate=48000)
    stream.layout = "mono"
    return stream


def _beep(index: int, rate: int) -> av.AudioFrame:
    samples = 48000 // rate
    wave = (np.sin(np.arange(samples) / 20) * 10000).astype(np.int16).reshape(1, -1)
    frame = av.AudioFrame.from_ndarray(wave, format="s16", layout="mono")
    frame.sample_rate, frame.pts = 48000, index * samples
    return frame


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")


def png_bomb(width: int, height: int) -> bytes:
    """A valid PNG of one grey whose pixels would fill memory: width * height bytes from a thousandth of them."""
    packer = zlib.compressobj(9)
    row = bytes(width + 1)
    pixels = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x00\x00\x00\x00"
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", pixels) + png_chunk(b"IEND", b"")


def png_with_text_bomb() -> bytes:
    """A good PNG with a compressed comment of 500 MB in it."""
    whole = png(32, 32)
    packer = zlib.compressobj(9)
    comment = b"".join(packer.compress(bytes(1_000_000)) for _ in range(500)) + packer.flush()
    return whole[:33] + png_chunk(b"zTXt", b"Comment\0\0" + comment) + whole[33:]


def noise(head: bytes, size: int = 50_000) -> bytes:
    """Bytes that begin like a file of a kind and go on at random, always the same way."""
    return head + random.Random(size).randbytes(size)


def patched(data: bytes, box: bytes, offset: int, value: bytes) -> bytes:
    """An MP4 with bytes of its first `box` overwritten, `offset` behind the box's name."""
    start = data.index(box) + 4 + offset
    return data[:start] + value + data[start + len(value) :]
