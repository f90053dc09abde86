"""Link cards: which are wanted, and which are there (`cards` of `contracts.media.MediaApi`)."""

from collections.abc import Sequence

import msgspec

from rookery.contracts.cards import LinkCard
from rookery.contracts.media import StoredMedia
from rookery.kit.resources import Resources
from rookery.media.addresses import Addresses
from rookery.media.cards.crawler import Crawler
from rookery.media.cards.fetching import Fetcher
from rookery.media.cards.links import read_link
from rookery.media.cards.pictures import CardPictures
from rookery.media.cards.repository import CardRepository, CardRow
from rookery.media.store import MediaStore


class Cards:
    """Built once per process. Only a worker fetches: see `crawler` and `pictures`."""

    def __init__(self, resources: Resources, store: MediaStore, addresses: Addresses) -> None:
        settings = resources.settings
        self.enabled = settings.link_cards
        self.repository = CardRepository(resources.database)
        self._addresses = addresses
        fetcher = Fetcher(settings.public_url, settings.link_card_networks)
        self.crawler = Crawler(self.repository, fetcher, resources.invalidations)
        self.pictures = CardPictures(resources, self.repository, fetcher, store, addresses)

    async def cards(self, links: list[str]) -> dict[str, LinkCard]:
        keys = {text: link.key for text in links if (link := read_link(text)) is not None}
        if not keys:
            return {}
        found = await self.repository.cards(list(set(keys.values())))
        shown = {key: self._shown(row) for key, row in found.items()}
        return {text: shown[key] for text, key in keys.items() if key in shown}

    async def images(self, image_ids: Sequence[int]) -> dict[int, StoredMedia]:
        """The pictures of cards that exist, for whoever delivers their files."""
        return await self.repository.images(image_ids)

    async def want(self, links: dict[int, str]) -> None:
        """Posts and the link of each; what is no link that we would ask is left out."""
        wanted = [(post_id, link) for post_id, text in links.items() if (link := read_link(text)) is not None]
        if wanted:
            await self.repository.want(wanted)

    def _shown(self, row: CardRow) -> LinkCard:
        if row.image is None:
            return row.card
        image = self._addresses.card_image(row.image.files, row.image.placeholder, row.image.color)
        return msgspec.structs.replace(row.card, image=image)
