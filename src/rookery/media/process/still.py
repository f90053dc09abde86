"""Pictures: upright, in sRGB, without metadata, in a few sizes of WebP.

libvips decodes what its wheel can (JPEG, PNG, WebP, AVIF, and GIF); HEIC holds HEVC, which that wheel leaves out, so
libheif reads it through pillow-heif. Of an animated WebP or PNG the first frame is shown.
"""

from pathlib import Path
from typing import Any

import pyvips

from rookery.media.process.colors import color_of, placeholder_of
from rookery.media.process.jobs import Crop, Done, Job, Limits, Refused, Result

LOADERS = {
    "jpeg": "VipsForeignLoadJpeg",
    "png": "VipsForeignLoadPng",
    "webp": "VipsForeignLoadWebp",
    "avif": "VipsForeignLoadHeif",
    "gif": "VipsForeignLoadNsgif",
}
WEBP = {"Q": 82, "effort": 3, "smart_subsample": True, "keep": "none"}
AVIF = {"Q": 60, "effort": 3, "compression": "av1", "keep": "none"}


def convert_still(job: Job) -> Done:
    """Raises Refused."""
    allow_only(job.format)
    try:
        largest = load(job)
        if job.crop is not None:
            return _cropped(largest, job.crop, Path(job.folder))
        return Done(
            kind="image",
            width=largest.width,
            height=largest.height,
            duration_ms=None,
            placeholder=placeholder_of(largest),
            color=color_of(largest),
            results=save_sizes(largest, job),
        )
    except pyvips.Error as error:
        raise Refused("damaged", "is damaged or not what it seems to be") from error


def allow_only(format_: str) -> None:
    """Let libvips read this format and no other, whatever the content then turns out to be; none for HEIC."""
    pyvips.cache_set_max(0)
    pyvips.operation_block_set("VipsForeignLoad", True)
    if format_ in LOADERS:
        pyvips.operation_block_set(LOADERS[format_], False)


def load(job: Job) -> Any:
    """The picture in memory, at most the last of `sizes` on its longest side, upright, 8-bit sRGB."""
    side = job.sizes[-1]
    if job.format == "heic":
        image = _load_heic(job.source, job.limits)
        small = image.thumbnail_image(side, height=side, size="down", output_profile="srgb")
    else:
        header = pyvips.Image.new_from_file(job.source, access="sequential", fail_on="error")
        check_dimensions(header.width, header.height, job.limits)
        small = pyvips.Image.thumbnail(
            job.source, side, height=side, size="down", output_profile="srgb", fail_on="error"
        )
    return in_srgb(small).copy_memory()


def in_srgb(image: Any) -> Any:
    return image.colourspace("srgb").cast("uchar")


def check_dimensions(width: int, height: int, limits: Limits) -> None:
    """Before anything is decoded."""
    if width > limits.max_side or height > limits.max_side:
        raise Refused("too_many_pixels", f"is {width} x {height}; a side has at most {limits.max_side} pixels")
    if width * height > limits.max_pixels:
        raise Refused("too_many_pixels", f"has {width * height} pixels; {limits.max_pixels} are the most")


def save_sizes(image: Any, job: Job) -> list[Result]:
    """Renditions of a picture in memory, smallest first, none larger than itself."""
    folder, longest = Path(job.folder), max(image.width, image.height)
    results = []
    for side in [*(size for size in job.sizes if size < longest), longest]:
        small = image if side == longest else image.thumbnail_image(side, height=side, size="down").copy_memory()
        results.append(_save_webp(small, folder))
        if job.avif:
            name = f"{side}.avif"
            small.heifsave(str(folder / name), **AVIF)
            results.append(Result(role="size", file=name, type="image/avif", width=small.width, height=small.height))
    return results


def _save_webp(image: Any, folder: Path) -> Result:
    name = f"{max(image.width, image.height)}.webp"
    image.webpsave(str(folder / name), **WEBP)
    return Result(role="size", file=name, type="image/webp", width=image.width, height=image.height)


def _load_heic(source: str, limits: Limits) -> Any:
    """libheif has turned it upright by the time it gives the pixels out."""
    import pillow_heif

    try:
        picture = pillow_heif.open_heif(source, convert_hdr_to_8bit=True)
        width, height = picture.size
        check_dimensions(width, height, limits)
        bands = len(picture.mode)
        image = pyvips.Image.new_from_memory(_packed(picture), width, height, bands, "uchar")
    except (ValueError, EOFError, OSError, RuntimeError, SyntaxError) as error:
        raise Refused("damaged", "is damaged or not what it seems to be") from error
    image = image.copy(interpretation="srgb" if bands > 2 else "b-w")
    if profile := picture.info.get("icc_profile"):
        image = image.copy()
        image.set_type(pyvips.GValue.blob_type, "icc-profile-data", profile)
    return image


def _packed(picture: Any) -> bytes:
    """The pixels without the padding at the ends of rows."""
    data, stride, row = bytes(picture.data), picture.stride, picture.size[0] * len(picture.mode)
    if stride == row:
        return data
    return b"".join(data[start : start + row] for start in range(0, stride * picture.size[1], stride))


def _cropped(image: Any, crop: Crop, folder: Path) -> Done:
    """The rectangle, scaled to exactly the size that was asked for."""
    left, top = min(int(crop.x * image.width), image.width - 1), min(int(crop.y * image.height), image.height - 1)
    width = max(1, min(round(crop.width * image.width), image.width - left))
    height = max(1, min(round(crop.height * image.height), image.height - top))
    part = image.crop(left, top, width, height)
    out = part.thumbnail_image(crop.out_width, height=crop.out_height, size="both", crop="centre").copy_memory()
    return Done(
        kind="image",
        width=out.width,
        height=out.height,
        duration_ms=None,
        placeholder=placeholder_of(out),
        color=color_of(out),
        results=[_save_webp(out, folder)],
    )
