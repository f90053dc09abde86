"""What a file is, by its first bytes. Names and headers that came with it say nothing.

This decides which decoder a file is given to, which alone accepts it: what only begins like a picture fails there.
"""

from typing import Final

from rookery.contracts.media import MediaKind
from rookery.kit.settings import Settings

HEAD_BYTES: Final = 64

KIND_OF: Final[dict[str, MediaKind]] = {
    "jpeg": "image",
    "png": "image",
    "webp": "image",
    "avif": "image",
    "heic": "image",
    "gif": "gif",
    "mp4": "video",
    "mov": "video",
    "webm": "video",
}
# ISO base media (ISO/IEC 14496-12, section 4.3): the major brand stands behind `ftyp`, compatible ones after it.
AVIF_BRANDS: Final = {b"avif", b"avis"}
HEIC_BRANDS: Final = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


def format_of(head: bytes) -> str | None:
    """A key of KIND_OF, or None for what we do not take. `head`: the first HEAD_BYTES, or all there are."""
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head.startswith(b"\x1a\x45\xdf\xa3"):  # EBML; that it is WebM the demuxer finds out
        return "webm"
    if head[4:8] == b"ftyp":
        return _iso_format(head)
    if head[4:8] in (b"moov", b"mdat", b"wide", b"free", b"skip"):  # QuickTime before there was `ftyp`
        return "mov"
    return None


def _iso_format(head: bytes) -> str:
    size = min(int.from_bytes(head[:4], "big"), len(head))
    brands = [head[8:12], *(head[start : start + 4] for start in range(16, size - 3, 4))]
    if AVIF_BRANDS.intersection(brands):
        return "avif"
    if brands[0] in HEIC_BRANDS:
        return "heic"
    return "mov" if brands[0] == b"qt  " else "mp4"


def size_max(kind: MediaKind, settings: Settings) -> int:
    """The largest file of a kind, in bytes."""
    return settings.media_video_max_bytes if kind == "video" else settings.media_image_max_bytes


def any_size_max(settings: Settings) -> int:
    return max(settings.media_video_max_bytes, settings.media_image_max_bytes)
