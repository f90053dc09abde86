"""What posts show beside their words: media and the cards of links, as the media service has them.

While that service is away posts are shown without; such a rendering is not kept (`Rendering.is_whole`).
"""

from collections.abc import Awaitable, Sequence
from functools import partial
from typing import TypeVar

import structlog

from rookery.contracts.cards import LinkCard
from rookery.contracts.media import MediaApi, MediaAttachment, StoredMedia
from rookery.kit.problems import Unavailable
from rookery.posts.rendering import PostRow, Rendering, no_media

Found = TypeVar("Found")

log = structlog.get_logger(__name__)


class Attachments:
    """Makes renderings. At most one call for media and one for cards, only when there are any."""

    def __init__(self, media: MediaApi) -> None:
        self._media = media

    async def renderings(self, rows: Sequence[PostRow]) -> dict[int, Rendering]:
        """Of at most 200 posts."""
        media_ids = [media_id for row in rows for media_id in row.media_ids]
        links = list(dict.fromkeys(row.link for row in rows if row.link is not None))
        media = await _found(self._media.stored(media_ids)) if media_ids else {}
        cards = await _found(self._media.cards(links)) if links else {}
        return {row.id: self._rendering(row, media, cards) for row in rows}

    def rendering(
        self, row: PostRow, media: Sequence[StoredMedia], card: LinkCard | None = None, *, is_whole: bool = True
    ) -> Rendering:
        """Of a post with these media and this card."""
        return Rendering(row, partial(self._shown, media) if media else no_media, card, is_whole=is_whole)

    def _rendering(
        self, row: PostRow, media: dict[int, StoredMedia] | None, cards: dict[str, LinkCard] | None
    ) -> Rendering:
        attached = [media[each] for each in row.media_ids if each in media] if media else []
        card = cards.get(row.link) if cards and row.link else None
        lacks = (media is None and row.media_ids) or (cards is None and row.link)
        return self.rendering(row, attached, card, is_whole=not lacks)

    def _shown(self, media: Sequence[StoredMedia], protected: bool) -> list[MediaAttachment]:
        return self._media.attachments(media, protected=protected)


async def _found(asked: Awaitable[Found]) -> Found | None:
    """None while the service is away."""
    try:
        return await asked
    except Unavailable as error:
        log.warning("posts.without_attachments", error=repr(error.__cause__ or error))
        return None
