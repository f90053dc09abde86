"""Link cards as posts show them, and what the media service tells the others about them."""

from typing import Protocol

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


class CardsApi(Protocol):
    """The media service's cards as the others call them, in one process or over REST."""

    async def cards(self, links: list[str]) -> dict[str, LinkCard]:
        """The cards that are there, by link as it stands in a post; at most 200 links. Asks nothing of other hosts."""
        ...
