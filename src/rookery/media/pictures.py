"""Avatars and headers: a rectangle of an uploaded image, in one size, public for everybody."""

import asyncio
from typing import Final

from rookery.contracts.users import PictureSlot, UsersApi
from rookery.kit.ids import parse_id
from rookery.kit.problems import Invalid, Unavailable, invalid_field
from rookery.kit.resources import Resources
from rookery.media.addresses import Addresses, object_path
from rookery.media.children import job_for, run_child
from rookery.media.process.jobs import Crop, Failed
from rookery.media.processing import keep_results, processed_of
from rookery.media.repository import MediaRepository
from rookery.media.schemas import PictureChoice
from rookery.media.store import MediaStore
from rookery.media.temporary import temp_folder

OUT: Final[dict[PictureSlot, tuple[int, int]]] = {"avatar": (400, 400), "header": (1500, 500)}
AT_ONCE: Final = 2  # children of a web server; the source is a WebP of ours, done in a fraction of a second
WAIT_S: Final = 10.0


class Pictures:
    def __init__(
        self,
        resources: Resources,
        users: UsersApi,
        repository: MediaRepository,
        store: MediaStore,
        addresses: Addresses,
    ) -> None:
        self._resources = resources
        self._users = users
        self._repository = repository
        self._store = store
        self._addresses = addresses
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def choose(self, user_id: int, slot: PictureSlot, choice: PictureChoice) -> str:
        """Show this from now on; returns its address. Raises Invalid naming the field.

        The old picture goes last: whatever dies in between, the profile never points at what is not there.
        """
        source = await self._source(user_id, choice)
        media_id = self._resources.ids.next()
        url = await self._cut(user_id, media_id, slot, source, choice)
        await self._users.set_picture(user_id, slot, url)
        await self._forget(await self._repository.delete_pictures(user_id, slot, media_id))
        return url

    async def remove(self, user_id: int, slot: PictureSlot) -> None:
        """None from now on, as it may have been already."""
        await self._users.set_picture(user_id, slot, None)
        await self._forget(await self._repository.delete_pictures(user_id, slot, self._resources.ids.next()))

    async def _source(self, user_id: int, choice: PictureChoice) -> str:
        """The name of the largest WebP of the chosen image."""
        media_id = parse_id(choice.media_id)
        row = None if media_id is None else (await self._repository.load([media_id])).get(media_id)
        if row is None or row.media.user_id != user_id or row.purpose != "post" or row.media.kind != "image":
            raise invalid_field("media_id", "not_found", "is no image that you uploaded")
        if row.media.state != "ready":
            raise invalid_field("media_id", "not_ready", "is not processed yet, or could not be")
        return [file.name for file in row.media.files if file.type == "image/webp"][-1]

    async def _cut(self, user_id: int, media_id: int, slot: PictureSlot, source: str, choice: PictureChoice) -> str:
        try:
            async with asyncio.timeout(WAIT_S), self._slots:
                with temp_folder(self._resources.settings) as folder:
                    await self._store.fetch([object_path(source)], folder / "source")
                    crop = _crop(slot, choice)
                    job = job_for("image", "webp", folder / "source", folder, self._resources.settings, crop=crop)
                    answer = (await run_child(job)).answer
                    if isinstance(answer, Failed):
                        raise Invalid(f"media_id: {answer.detail}")
                    files = await keep_results(media_id, answer, folder, self._store, self._addresses)
        except TimeoutError as error:
            raise Unavailable("Too many pictures are being cut; try again in a moment.") from error
        await self._repository.create_picture(media_id, user_id, slot, processed_of(answer, files))
        return self._addresses.public(files[0].name)

    async def _forget(self, media_ids: list[int]) -> None:
        if media_ids:
            await self._resources.invalidations.publish(*(f"media:{media_id}" for media_id in media_ids))


def _crop(slot: PictureSlot, choice: PictureChoice) -> Crop:
    width, height = OUT[slot]
    if choice.crop is None:
        return Crop(x=0, y=0, width=1, height=1, out_width=width, out_height=height)
    crop = choice.crop
    if crop.x + crop.width > 1.0001 or crop.y + crop.height > 1.0001:
        raise invalid_field("crop", "out_of_range", "reaches beyond the picture")
    return Crop(x=crop.x, y=crop.y, width=crop.width, height=crop.height, out_width=width, out_height=height)
