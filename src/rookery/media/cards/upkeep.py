"""The jobs of link cards. `cards.fetch` never ends: whoever runs it is the one that fetches."""

from rookery.kit.jobs import Job
from rookery.media.cards.service import Cards

FORGOTTEN_AT_ONCE = 5_000


def jobs(cards: Cards) -> list[Job]:
    """None where cards are switched off."""
    if not cards.enabled:
        return []
    return [
        Job("cards.fetch", 5, cards.crawler.run),
        Job("cards.forget", 600, lambda: cards.repository.forget(FORGOTTEN_AT_ONCE)),
    ]
