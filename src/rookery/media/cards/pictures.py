"""Fetches the pictures of cards that are due, FETCHES at once, and makes them anew as what people upload.

The card is there already; a picture that cannot be had, or is none that we show, leaves it without. Bytes that are
known are not made anew: the same picture of many pages is kept once.
"""

import asyncio
import hashlib
from pathlib import Path
from typing import Final

import structlog

from rookery.kit.resources import Resources
from rookery.media.addresses import Addresses
from rookery.media.cards.crawler import RETRY_S
from rookery.media.cards.errors import Forbidden, Refused
from rookery.media.cards.fetching import Fetcher, Wanted
from rookery.media.cards.links import read_link
from rookery.media.cards.repository import CardRepository, Claim
from rookery.media.cards.turns import take_turns, tell_posts
from rookery.media.children import card_job_for, run_child
from rookery.media.formats import HEAD_BYTES, KIND_OF, format_of
from rookery.media.process.jobs import Done, Failed
from rookery.media.processing import keep_results, processed_of
from rookery.media.store import MediaStore
from rookery.media.temporary import temp_folder

FETCHES: Final = 8
CHILDREN: Final = 1  # at once, beside those of uploads: some thousand pictures an hour
WORK_S: Final = 100.0  # fetching, waiting for the child's turn, the child (20 s at most), storing
LEASE_S: Final = 120.0
SIDE_MIN: Final = 64  # pixels: less is an icon or a counter, or a strip

FORMATS: Final = frozenset(name for name, kind in KIND_OF.items() if kind in ("image", "gif"))


def is_picture(head: bytes) -> bool:
    return format_of(head) in FORMATS


PICTURE: Final = Wanted(
    types=frozenset({"image/avif", "image/gif", "image/heic", "image/jpeg", "image/png", "image/webp"}),
    bytes_max=5 * 1024 * 1024,
    begins=is_picture,
)

log = structlog.get_logger(__name__)


class CardPictures:
    """`run` is for one task at a time."""

    def __init__(
        self,
        resources: Resources,
        repository: CardRepository,
        fetcher: Fetcher,
        store: MediaStore,
        addresses: Addresses,
    ) -> None:
        self._resources = resources
        self._repository = repository
        self.fetcher = fetcher
        self._store = store
        self._addresses = addresses
        self._children = asyncio.Semaphore(CHILDREN)

    async def run(self) -> None:
        """Fetch for ever. Ends when PostgreSQL does not answer."""
        await take_turns(lambda busy: self._repository.claim_image(busy, LEASE_S), self.fetch, FETCHES)

    async def fetch(self, claim: Claim) -> None:
        """Fetch one picture and show it, then tell who shows the posts."""
        try:
            async with asyncio.timeout(WORK_S):
                image_id = await self._image(claim)
        except (Forbidden, Refused) as error:
            log.info("cards.no_picture", url=claim.url, error=str(error))
            image_id = None
        except Exception as error:  # Unreachable, the store is away, or what no file should be able to cause
            log.info("cards.picture_failed", url=claim.url, attempt=claim.attempts, error=repr(error))
            await self._later(claim)
            return
        await tell_posts(self._resources.invalidations, await self._repository.show_image(claim, image_id))

    async def collect(self, limit: int) -> None:
        """Delete pictures that no card has shown for an hour, at most `limit`; their files follow."""
        gone = await self._repository.collect_images(limit)
        if gone:
            await self._resources.invalidations.publish(*(f"media:{image_id}" for image_id in gone))

    async def _image(self, claim: Claim) -> int | None:
        link = read_link(claim.url)
        if link is None or claim.attempts > len(RETRY_S) + 1:
            return None
        body = (await self.fetcher.get(link, PICTURE)).body
        digest = hashlib.sha256(body).digest()
        known = await self._repository.known_image(digest)
        return known if known is not None else await self._make(body, digest)

    async def _make(self, body: bytes, digest: bytes) -> int:
        """The picture that a child makes of these bytes. Raises Refused."""
        with temp_folder(self._resources.settings) as folder:
            done = await self._convert(body, folder)
            image_id = self._resources.ids.next()
            await self._repository.announce_image(image_id)
            files = await keep_results(image_id, done, folder, self._store, self._addresses)
        return await self._repository.create_image(image_id, digest, processed_of(done, files))

    async def _convert(self, body: bytes, folder: Path) -> Done:
        source = folder / "source"
        await asyncio.to_thread(source.write_bytes, body)
        format_ = format_of(body[:HEAD_BYTES])
        if format_ is None:
            raise Refused("is no picture")
        async with self._children:
            outcome = await run_child(card_job_for(format_, source, folder, self._resources.settings))
        if isinstance(outcome.answer, Failed):
            raise Refused(outcome.answer.detail)
        if min(outcome.answer.width, outcome.answer.height) < SIDE_MIN:
            raise Refused(f"is {outcome.answer.width} x {outcome.answer.height}")
        return outcome.answer

    async def _later(self, claim: Claim) -> None:
        if claim.attempts <= len(RETRY_S):
            await self._repository.retry_image(claim, RETRY_S[claim.attempts - 1])
        else:
            await self._repository.keep_image(claim)
