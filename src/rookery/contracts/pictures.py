"""What pictures of posts and of link cards have in common."""

from msgspec import Struct


class MediaSize(Struct, frozen=True, kw_only=True):
    """One rendition of a picture: `width` and `height` in pixels, `type` its media type (image/webp, image/avif)."""

    url: str
    width: int
    height: int
    type: str
