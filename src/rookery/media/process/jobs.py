"""What the parent and the child say to each other."""

from typing import Literal

from msgspec import Struct

SIZES = (480, 1080, 2048)  # longest side in pixels: a phone's column, a desktop's, the lightbox


class Limits(Struct, frozen=True, kw_only=True):
    """What the child holds itself to, and what the kernel holds it to. `memory_bytes` is of address space."""

    max_pixels: int
    max_side: int
    max_frames: int
    max_duration_s: int
    memory_bytes: int
    cpu_s: int
    output_bytes: int


class Crop(Struct, frozen=True, kw_only=True):
    """Fractions of the upright picture, and the size that comes out, in pixels."""

    x: float
    y: float
    width: float
    height: float
    out_width: int
    out_height: int


class Job(Struct, frozen=True, kw_only=True):
    """`source` is the file, `format` what its first bytes say it is, `folder` where results go. `sizes` are the longest
    sides of a picture's results, ascending; none is larger than the picture. `still`: only the first frame counts."""

    source: str
    format: str
    folder: str
    limits: Limits
    sizes: tuple[int, ...] = SIZES
    still: bool = False
    avif: bool = False
    crop: Crop | None = None


class Result(Struct, frozen=True, kw_only=True):
    """A file in the job's folder. `role` is as in contracts.media.StoredFile."""

    role: Literal["size", "video"]
    file: str
    type: str
    width: int
    height: int


class Confined(Struct, frozen=True, tag_field="type", tag="confined"):
    """What holds the child from here on, said before it looks at the file."""

    held: tuple[str, ...]


class Progress(Struct, frozen=True, tag_field="type", tag="progress"):
    share: float


class Done(Struct, frozen=True, kw_only=True, tag_field="type", tag="done"):
    kind: Literal["image", "gif", "video"]
    width: int
    height: int
    duration_ms: int | None
    placeholder: str
    color: str
    results: list[Result]


class Failed(Struct, frozen=True, tag_field="type", tag="failed"):
    code: str
    detail: str


class Used(Struct, frozen=True, tag_field="type", tag="used"):
    """The most memory that the child had at once, said before the answer."""

    peak_bytes: int


Message = Confined | Progress | Used | Done | Failed


class Refused(Exception):
    """The file is none that we make something of: a stable code, and a sentence for its owner."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
