"""Fetches the pages that are due, FETCHES at once.

One worker does it at a time (the job's lock), so that the bounds hold for the whole instance; the leases hold even
where the lock does not. What failed for a moment is tried again after RETRY_S; a link that took its fetcher down with
it counts as failed too. Results hold for FOUND_S or MISSING_S and are fetched anew only when somebody posts the link
again.
"""

from typing import Final

import structlog

from rookery.contracts.cards import LinkCard
from rookery.kit.local_cache import Invalidations
from rookery.media.cards.errors import Forbidden, Refused
from rookery.media.cards.fetching import Fetched, Fetcher
from rookery.media.cards.links import Link, read_link
from rookery.media.cards.page import HTML, Page, read_page
from rookery.media.cards.repository import CardRepository, Claim
from rookery.media.cards.turns import take_turns, tell_posts

FETCHES: Final = 16
LEASE_S: Final = 60.0
RETRY_S: Final = (60.0, 900.0)  # before the second and the third attempt
FOUND_S: Final = 7 * 24 * 3600.0
MISSING_S: Final = 24 * 3600.0

log = structlog.get_logger(__name__)


class Crawler:
    """`run` is for one task at a time."""

    def __init__(self, repository: CardRepository, fetcher: Fetcher, invalidations: Invalidations) -> None:
        self._repository = repository
        self.fetcher = fetcher
        self._invalidations = invalidations

    async def run(self) -> None:
        """Fetch for ever. Ends when PostgreSQL does not answer."""
        await take_turns(lambda busy: self._repository.claim(busy, LEASE_S), self.fetch, FETCHES)

    async def fetch(self, claim: Claim) -> None:
        """Fetch one link and store what came of it, then tell who shows its posts."""
        try:
            page, card = await self._look(claim)
        except (Forbidden, Refused) as error:
            log.info("cards.none", url=claim.url, error=str(error))
            page, card = None, None
        except Exception as error:  # Unreachable, or what no page should be able to cause: it must not harm the others
            log.info("cards.failed", url=claim.url, attempt=claim.attempts, error=repr(error))
            await self._later(claim)
            return
        post_ids = await self._repository.store(claim, page, card, FOUND_S if card else MISSING_S)
        await tell_posts(self._invalidations, post_ids)

    async def _look(self, claim: Claim) -> tuple[Page | None, LinkCard | None]:
        link = read_link(claim.url)
        if link is None or claim.attempts > len(RETRY_S) + 1:
            return None, None
        fetched = await self.fetcher.get(link, HTML)
        # Parsing holds the interpreter for some milliseconds at most: its input is bounded.
        page = read_page(fetched.link, fetched.headers, fetched.body)
        return page, None if page is None else _card(link, fetched, page)

    async def _later(self, claim: Claim) -> None:
        if claim.attempts <= len(RETRY_S):
            await self._repository.retry(claim, RETRY_S[claim.attempts - 1])
        else:
            await self._repository.keep(claim, MISSING_S)


def _card(link: Link, fetched: Fetched, page: Page) -> LinkCard:
    """The card leads where the page says that it stands, if that is where we found it, else where the post says."""
    return LinkCard(
        url=(page.canonical or link).url,
        host=fetched.link.host.removeprefix("www."),
        title=page.title,
        description=page.description,
        site_name=page.site_name,
    )
