"""Link cards: which are wanted, and which are there (`contracts.cards.CardsApi`)."""

from rookery.contracts.cards import LinkCard
from rookery.kit.resources import Resources
from rookery.media.cards.crawler import Crawler
from rookery.media.cards.fetching import Fetcher
from rookery.media.cards.links import read_link
from rookery.media.cards.repository import CardRepository


class Cards:
    """Built once per process. Only a worker fetches: see `crawler`."""

    def __init__(self, resources: Resources) -> None:
        settings = resources.settings
        self.enabled = settings.link_cards
        self.repository = CardRepository(resources.database)
        fetcher = Fetcher(settings.public_url, settings.link_card_networks)
        self.crawler = Crawler(self.repository, fetcher, resources.invalidations)

    async def cards(self, links: list[str]) -> dict[str, LinkCard]:
        keys = {text: link.key for text in links if (link := read_link(text)) is not None}
        if not keys:
            return {}
        found = await self.repository.cards(list(set(keys.values())))
        return {text: found[key] for text, key in keys.items() if key in found}

    async def want(self, links: dict[int, str]) -> None:
        """Posts and the link of each; what is no link that we would ask is left out."""
        wanted = [(post_id, link) for post_id, text in links.items() if (link := read_link(text)) is not None]
        if wanted:
            await self.repository.want(wanted)
