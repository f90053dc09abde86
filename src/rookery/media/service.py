"""The media service: its use cases, and what it is to the other services (`contracts.media.MediaApi`)."""

from collections.abc import Sequence
from typing import Final

import msgspec

from rookery.contracts.cards import LinkCard
from rookery.contracts.media import MediaAttachment, StoredMedia
from rookery.contracts.users import UsersApi
from rookery.kit.ids import format_id_time, format_time, id_time
from rookery.kit.local_cache import LocalCache
from rookery.kit.problems import Invalid, invalid_field
from rookery.kit.resources import Resources
from rookery.media.addresses import Addresses
from rookery.media.captions import Captions
from rookery.media.cards.service import Cards
from rookery.media.delivery import Delivery
from rookery.media.errors import MediaInUse, MediaNotFound
from rookery.media.pictures import Pictures
from rookery.media.processing import Processing
from rookery.media.quota import Quota
from rookery.media.repository import MediaRepository, MediaRow
from rookery.media.schemas import MediaFailure, MediaUpdate, OwnMedia
from rookery.media.store import MediaStore
from rookery.media.tus import ResumableUploads
from rookery.media.upkeep import UNUSED_KEPT
from rookery.media.uploads import Uploads

CLAIM_S: Final = 60  # longer than a request may take
MEDIA_CACHED: Final = 50_000  # about 1.5 KB each
IMAGES_MAX: Final = 4


class Media:
    """Built once per process; `users` is the users service, here or elsewhere."""

    def __init__(self, resources: Resources, users: UsersApi) -> None:
        self.resources = resources
        self.users = users
        self.repository = MediaRepository(resources.database)
        self.addresses = Addresses(resources.settings)
        self.store = MediaStore(resources.settings)
        self.quota = Quota(resources.settings, self.repository)
        self._stored: LocalCache[int, StoredMedia] = LocalCache(self._load, size=MEDIA_CACHED)
        resources.invalidations.attach("media", self._stored)
        self.uploads = Uploads(resources, self.repository, self.store, self.quota)
        self.resumable = ResumableUploads(resources, self.repository, self.store, self.quota)
        self.captions = Captions(resources, self.repository, self.store, self.addresses, self.quota)
        self.processing = Processing(resources, self.repository, self.store, self.addresses)
        self.pictures = Pictures(resources, users, self.repository, self.store, self.addresses)
        self.delivery = Delivery(users, self.store, self.addresses, self._stored)
        self.link_cards = Cards(resources, self.store, self.addresses)

    async def stored(self, media_ids: Sequence[int]) -> dict[int, StoredMedia]:
        return await self._stored.get_many(media_ids)

    def attachments(self, media: Sequence[StoredMedia], *, protected: bool) -> list[MediaAttachment]:
        return [self.addresses.attachment(each, protected=protected) for each in media]

    async def cards(self, links: list[str]) -> dict[str, LinkCard]:
        return await self.link_cards.cards(links)

    async def claim(self, user_id: int, post_id: int, media_ids: Sequence[int]) -> list[StoredMedia]:
        """Two round trips."""
        rows = await self.repository.load(media_ids)
        media = check_attachable(user_id, media_ids, rows)
        claimed = await self.repository.claim(user_id, post_id, media_ids, CLAIM_S)
        if len(claimed) < len(media_ids):
            raise _in_use()
        return media

    async def own(self, user_id: int, media_id: int) -> OwnMedia:
        """An upload as its owner sees it; raises MediaNotFound."""
        return await self._to_owner(user_id, await self._own(user_id, media_id))

    async def update(self, user_id: int, media_id: int, update: MediaUpdate) -> OwnMedia:
        """Raises MediaNotFound."""
        if not await self.repository.update(media_id, user_id, update):
            raise MediaNotFound
        return await self._to_owner(user_id, await self._changed_row(user_id, media_id))

    async def put_captions(self, user_id: int, media_id: int, language: str, body: bytes) -> OwnMedia:
        """Raises MediaNotFound, and what `Captions.put` does."""
        row = await self._own(user_id, media_id)
        await self.captions.put(user_id, row, language, body)
        return await self._to_owner(user_id, await self._changed_row(user_id, media_id))

    async def remove_captions(self, user_id: int, media_id: int, language: str) -> None:
        """Raises MediaNotFound or NoCaptions."""
        await self.captions.remove(await self._own(user_id, media_id), language)
        await self._changed_row(user_id, media_id)

    async def delete(self, user_id: int, media_id: int) -> None:
        """Raises MediaNotFound, or MediaInUse when a post shows it."""
        if not await self.repository.delete_unused(media_id, user_id):
            await self._own(user_id, media_id)
            raise MediaInUse
        await self.changed(media_id, None)

    async def changed(self, media_id: int, post_id: int | None) -> None:
        """Let every process forget what it keeps of a piece of media, and of the post that shows it."""
        keys = [f"media:{media_id}"] if not post_id else [f"media:{media_id}", f"post:{post_id}"]
        await self.resources.invalidations.publish(*keys)

    async def _changed_row(self, user_id: int, media_id: int) -> MediaRow:
        """As it is now, when everybody has been told that it is another; raises MediaNotFound."""
        row = await self._own(user_id, media_id)
        await self.changed(media_id, row.post_id)
        return row

    async def _to_owner(self, user_id: int, row: MediaRow) -> OwnMedia:
        authors = await self.users.authors([user_id])
        return self._shown(row, protected=user_id in authors and authors[user_id].protected)

    async def _own(self, user_id: int, media_id: int) -> MediaRow:
        row = (await self.repository.load([media_id])).get(media_id)
        if row is None or row.media.user_id != user_id or row.purpose != "post":
            raise MediaNotFound
        return row

    def _shown(self, row: MediaRow, *, protected: bool) -> OwnMedia:
        attachment = self.addresses.attachment(row.media, protected=protected)
        failure = None
        if row.failure_code is not None:
            failure = MediaFailure(row.failure_code, row.failure_detail or "")
        in_post = row.kept or row.claimed
        return OwnMedia(
            **msgspec.structs.asdict(attachment),
            progress=row.progress,
            failure=failure,
            post_id=str(row.post_id) if in_post and row.post_id else None,
            size_bytes=row.size_bytes,
            created_at=format_id_time(row.media.id),
            expires_at=None if in_post else format_time(id_time(row.media.id) + UNUSED_KEPT),
        )

    async def _load(self, media_ids: list[int]) -> dict[int, StoredMedia]:
        """Uploads, and pictures of link cards: one round trip, and another for ids that are no upload's."""
        found = {media_id: row.media for media_id, row in (await self.repository.load(media_ids)).items()}
        others = [media_id for media_id in media_ids if media_id not in found]
        return found | await self.link_cards.images(others) if others else found


def check_attachable(user_id: int, media_ids: Sequence[int], rows: dict[int, MediaRow]) -> list[StoredMedia]:
    """The media in order; raises Invalid naming `media_ids` for what a post may not show."""
    if len(set(media_ids)) < len(media_ids):
        raise invalid_field("media_ids", "duplicate", "names something twice")
    found = [rows.get(media_id) for media_id in media_ids]
    mine = [row for row in found if row is not None and row.media.user_id == user_id and row.purpose == "post"]
    if len(mine) < len(found):
        raise invalid_field("media_ids", "not_found", "names media that are not yours to post")
    if any(row.kept or row.claimed for row in mine):
        raise _in_use()
    media = [row.media for row in mine]
    if any(each.state == "failed" for each in media):
        raise invalid_field("media_ids", "failed", "names media that could not be processed")
    if len(media) > 1 and (len(media) > IMAGES_MAX or any(each.kind != "image" for each in media)):
        raise invalid_field("media_ids", "too_many", "may name up to 4 images, or 1 GIF, or 1 video")
    return media


def _in_use() -> Invalid:
    return invalid_field("media_ids", "in_use", "names media that another post shows")
