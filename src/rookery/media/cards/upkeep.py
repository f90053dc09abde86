"""The jobs of link cards. `cards.fetch` and `cards.pictures` never end: whoever runs one is the one that fetches."""

from rookery.kit.jobs import Job
from rookery.media.cards.service import Cards

FORGOTTEN_AT_ONCE = 5_000
COLLECTED_AT_ONCE = 500


def jobs(cards: Cards) -> list[Job]:
    """None where cards are switched off."""
    if not cards.enabled:
        return []
    return [
        Job("cards.fetch", 5, cards.crawler.run),
        Job("cards.pictures", 5, cards.pictures.run),
        Job("cards.forget", 600, lambda: cards.repository.forget(FORGOTTEN_AT_ONCE)),
        Job("cards.collect", 60, lambda: cards.pictures.collect(COLLECTED_AT_ONCE)),
    ]
