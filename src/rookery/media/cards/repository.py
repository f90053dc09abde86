"""The only SQL of link cards."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from rookery.contracts.cards import LinkCard
from rookery.contracts.media import StoredFile, StoredMedia
from rookery.kit.database import Connection, Database, load_queries
from rookery.media.cards.links import Link
from rookery.media.cards.page import Page
from rookery.media.repository import Processed

queries: Any = load_queries(__file__)

_encode = msgspec.json.Encoder().encode
_decode_files = msgspec.json.Decoder(list[StoredFile]).decode


class Claim(Struct, frozen=True):
    """A page, or the picture of one, to be fetched until `leased_until`, for the `attempts`-th time in a row. `key` is
    that of the link."""

    key: bytes
    url: str
    host: str
    attempts: int
    leased_until: datetime


class CardImageRow(Struct, frozen=True):
    """`files` of the picture, smallest first."""

    files: list[StoredFile]
    placeholder: str
    color: str


class CardRow(Struct, frozen=True):
    """A card, and what its `image` is to be made from."""

    card: LinkCard
    image: CardImageRow | None


class CardRepository:
    """Reads and writes cards in the schema `media`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def cards(self, keys: list[bytes]) -> dict[bytes, CardRow]:
        """Those that are there. One round trip."""
        async with self._database.connection() as connection:
            return {row["key"]: _card_row(row) async for row in queries.load_cards(connection, keys=keys)}

    async def images(self, image_ids: Sequence[int]) -> dict[int, StoredMedia]:
        """Pictures of cards. One round trip."""
        async with self._database.connection() as connection:
            rows = queries.load_card_images(connection, image_ids=list(image_ids))
            return {row["id"]: _image(row) async for row in rows}

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
        """What a fetch came to; None: there is no card. Its picture is due then. Returns the posts that waited. Four
        round trips."""
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
                image_host=page.image.host if page and page.image else None,
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

    async def claim_image(self, busy_hosts: list[str], lease_s: float) -> Claim | None:
        """As `claim`, of pictures."""
        async with self._database.connection() as connection:
            row = await queries.claim_card_image(connection, busy_hosts=busy_hosts, lease_s=lease_s)
            return None if row is None else Claim(*row)

    async def known_image(self, digest: bytes) -> int | None:
        """The picture made of these bytes, which stays for an hour from now, with or without a card."""
        async with self._database.connection() as connection:
            found: int | None = await queries.touch_card_image(connection, digest=digest)
            return found

    async def announce_image(self, image_id: int) -> None:
        """Files of this id are about to be stored; they are deleted in an hour, unless `create_image` comes."""
        async with self._database.connection() as connection:
            await queries.announce_card_image(connection, image_id=image_id)

    async def create_image(self, image_id: int, digest: bytes, made: Processed) -> int:
        """Returns the picture of these bytes: `image_id`, or another's that was faster."""
        async with self._database.connection() as connection:
            created: int = await queries.create_card_image(
                connection,
                image_id=image_id,
                digest=digest,
                files=_encode(made.files).decode(),
                width=made.width,
                height=made.height,
                placeholder=made.placeholder,
                color=made.color,
                size_bytes=made.size_bytes,
            )
            return created

    async def show_image(self, claim: Claim, image_id: int | None) -> list[int]:
        """The end of a fetch: the card has this picture, or none. Returns the posts that waited. Four round trips."""
        async with self._database.transaction() as connection:
            shown = await queries.show_card_image(
                connection, key=claim.key, leased_until=claim.leased_until, image_id=image_id
            )
            return await _waiting(connection, claim) if shown else []

    async def keep_image(self, claim: Claim) -> None:
        """Give a fetch up, with the picture that was there before. Four round trips."""
        async with self._database.transaction() as connection:
            if await queries.keep_card_image(connection, key=claim.key, leased_until=claim.leased_until):
                await _waiting(connection, claim)

    async def retry_image(self, claim: Claim, delay_s: float) -> None:
        async with self._database.connection() as connection:
            await queries.retry_card_image(connection, key=claim.key, leased_until=claim.leased_until, delay_s=delay_s)

    async def collect_images(self, limit: int) -> list[int]:
        """Delete pictures that no card shows; returns them."""
        async with self._database.connection() as connection:
            return [row["id"] async for row in queries.collect_card_images(connection, row_limit=limit)]

    async def forget(self, limit: int) -> None:
        """Take expired failures away, at most `limit`."""
        async with self._database.connection() as connection:
            await queries.forget_cards(connection, row_limit=limit)


async def _waiting(connection: Connection, claim: Claim) -> list[int]:
    return [row["post_id"] async for row in queries.waiting_posts(connection, key=claim.key)]


def _card_row(row: Any) -> CardRow:
    card = LinkCard(
        url=row["page_url"],
        host=row["page_host"],
        title=row["title"],
        description=row["description"],
        site_name=row["site_name"],
    )
    if row["files"] is None:
        return CardRow(card, None)
    return CardRow(card, CardImageRow(_decode_files(row["files"]), row["placeholder"], row["color"]))


def _image(row: Any) -> StoredMedia:
    return StoredMedia(
        id=row["id"],
        user_id=None,
        kind="image",
        state="ready",
        files=_decode_files(row["files"]),
        width=row["width"],
        height=row["height"],
        placeholder=row["placeholder"],
        color=row["color"],
    )
