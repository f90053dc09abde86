"""Link cards as posts show them."""

from msgspec import Struct


class LinkCard(Struct, frozen=True, kw_only=True):
    """What a page says of itself, as plain text: nothing in it is markup.

    `url` is where the card leads. `host` is the name of the machine that answered, after redirects; `site_name` is only
    what the page claims to be.
    """

    url: str
    host: str
    title: str
    description: str | None = None
    site_name: str | None = None
