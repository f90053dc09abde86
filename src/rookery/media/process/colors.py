"""What stands in a picture's place until it is there: a BlurHash (blurha.sh) and its dominant colour."""

from typing import Any

import blurhash
import numpy as np

COMPONENTS = (4, 3)
SAMPLE = 32  # pixels of the longest side: a BlurHash holds no more than a few waves


def placeholder_of(image: Any) -> str:
    """The BlurHash of a picture in sRGB, with its shape of 4 by 3 waves (3 by 4 where it stands upright)."""
    across, down = COMPONENTS if image.width >= image.height else COMPONENTS[::-1]
    text: str = blurhash.encode(_sample(image).tolist(), components_x=across, components_y=down)
    return text


def color_of(image: Any) -> str:
    """The mean of the most frequent of 512 colours (8 of each channel), as #rrggbb."""
    pixels = _sample(image).reshape(-1, 3).astype(int)
    bins = (pixels[:, 0] >> 5 << 6) | (pixels[:, 1] >> 5 << 3) | (pixels[:, 2] >> 5)
    red, green, blue = pixels[bins == np.bincount(bins).argmax()].mean(axis=0).round().astype(int)
    return f"#{red:02x}{green:02x}{blue:02x}"


def _sample(image: Any) -> Any:
    """(height, width, 3) of bytes; what shines through is white, as on our page."""
    small = image.thumbnail_image(SAMPLE, height=SAMPLE, size="down")
    if small.hasalpha():
        small = small.flatten(background=255)
    pixels = small.colourspace("srgb").cast("uchar").numpy()
    return pixels[:, :, :3]
