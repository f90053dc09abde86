"""The only SQL of link cards."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from rookery.contracts.cards import LinkCard
from rookery.kit.database import Connection, Database, load_queries
from rookery.media.cards.links import Link
from rookery.media.cards.page import Page

queries: Any = load_queries(__file__)


class Claim(Struct, frozen=True):
    """A link to be fetched until `leased_until`, for the `attempts`-th time in a row."""

    key: bytes
    url: str
    host: str
    attempts: int
    leased_until: datetime


class CardRepository:
    """Reads and writes cards in the schema `media`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def cards(self, keys: list[bytes]) -> dict[bytes, LinkCard]:
        """Those that are there. One round trip."""
        async with self._database.connection() as connection:
            return {row["key"]: _card(row) async for row in queries.load_cards(connection, keys=keys)}

    async def want(self, wanted: list[tuple[int, Link]]) -> None:
        """Posts and their links: each link is due once, unless there is a result that still holds. One round trip."""
        async with self._database.connection() as connection:
            await queries.want_cards(
                connection,
                post_ids=[post_id for post_id, _ in wanted],
                keys=[link.key for _, link in wanted],
                urls=[link.url for _, link in wanted],
                hosts=[link.host for _, link in wanted],
            )

    async def claim(self, busy_hosts: list[str], lease_s: float) -> Claim | None:
        """The next link to fetch, or None. Whoever dies with it leaves it to others when the lease ends."""
        async with self._database.connection() as connection:
            row = await queries.claim_card(connection, busy_hosts=busy_hosts, lease_s=lease_s)
            return None if row is None else Claim(*row)

    async def store(self, claim: Claim, page: Page | None, card: LinkCard | None, ttl_s: float) -> list[int]:
        """What a fetch came to; None: there is no card. Returns the posts that waited. Four round trips."""
        columns = {name: getattr(card, name, None) for name in ("title", "description", "site_name")}
        async with self._database.transaction() as connection:
            stored = await queries.store_card(
                connection,
                key=claim.key,
                leased_until=claim.leased_until,
                ttl_s=ttl_s,
                page_url=card and card.url,
                page_host=card and card.host,
                image_url=page.image.url if page and page.image else None,
                **columns,
            )
            return await _waiting(connection, claim) if stored else []

    async def keep(self, claim: Claim, ttl_s: float) -> None:
        """Give a fetch up, with what was there before. Four round trips."""
        async with self._database.transaction() as connection:
            if await queries.keep_card(connection, key=claim.key, leased_until=claim.leased_until, ttl_s=ttl_s):
                await _waiting(connection, claim)

    async def retry(self, claim: Claim, delay_s: float) -> None:
        async with self._database.connection() as connection:
            await queries.retry_card(connection, key=claim.key, leased_until=claim.leased_until, delay_s=delay_s)

    async def forget(self, limit: int) -> None:
        """Take expired failures away, at most `limit`."""
        async with self._database.connection() as connection:
            await queries.forget_cards(connection, row_limit=limit)


async def _waiting(connection: Connection, claim: Claim) -> list[int]:
    return [row["post_id"] async for row in queries.forget_posts(connection, key=claim.key)]


def _card(row: Any) -> LinkCard:
    return LinkCard(
        url=row["page_url"],
        host=row["page_host"],
        title=row["title"],
        description=row["description"],
        site_name=row["site_name"],
    )
