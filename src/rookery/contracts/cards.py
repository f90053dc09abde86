"""Link cards as posts show them."""

from typing import Annotated

from msgspec import Meta, Struct

from rookery.contracts.pictures import MediaSize
from rookery.kit.patterns import COLOR


class CardImage(Struct, frozen=True, kw_only=True):
    """The picture of a page, made anew and kept by us: addresses are public and hold for ever.

    `url` is the largest of `sizes`, which are WebP, smallest first; `width` and `height` are its own. `placeholder` is
    a BlurHash, `color` the dominant colour.
    """

    url: str
    width: int
    height: int
    sizes: list[MediaSize]
    placeholder: str
    color: Annotated[str, Meta(pattern=COLOR)]


class LinkCard(Struct, frozen=True, kw_only=True):
    """What a page says of itself, as plain text: nothing in it is markup.

    `url` is where the card leads. `host` is the name of the machine that answered, after redirects; `site_name` is only
    what the page claims to be. `image` comes some moments after the rest, if it comes.
    """

    url: str
    host: str
    title: str
    description: str | None = None
    site_name: str | None = None
    image: CardImage | None = None
