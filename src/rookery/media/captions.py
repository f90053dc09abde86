"""Captions of videos: a text for each language, read, and written anew (`media.webvtt`), before it is kept."""

import asyncio
from typing import Final, NoReturn

from rookery.kit.problems import Invalid, invalid_field
from rookery.kit.resources import Resources
from rookery.media.addresses import Addresses, object_path
from rookery.media.errors import MediaNotFound, NoCaptions, NotAVideo, TooManyLanguages
from rookery.media.quota import Quota
from rookery.media.repository import MediaRepository, MediaRow
from rookery.media.store import MediaStore
from rookery.media.webvtt import Malformed, parse, written

LANGUAGES_MAX: Final = 20  # of one video
STORING_S: Final = 3600  # longer than a write to the store can take


class Captions:
    def __init__(
        self,
        resources: Resources,
        repository: MediaRepository,
        store: MediaStore,
        addresses: Addresses,
        quota: Quota,
    ) -> None:
        self._ids = resources.ids
        self._repository = repository
        self._store = store
        self._addresses = addresses
        self._quota = quota

    async def put(self, user_id: int, row: MediaRow, language: str, body: bytes) -> None:
        """Give a video of one's own captions, in the place of those it had in this language.

        Raises Invalid naming the line, NotAVideo, TooManyLanguages, QuotaExceeded, and MediaNotFound when it went
        meanwhile. The file is noted as one that is to go before it is stored; the statement that makes it part of the
        video ends that, and notes the one before instead. So a crash leaves nothing, whenever it comes.
        """
        check_can_have(row, language)
        content = await asyncio.to_thread(rewritten, body)
        await self._quota.check_room(user_id, len(content))
        name = self._addresses.captions_name(row.media.id, self._ids.next(), content)
        await self._repository.doom_file(name, STORING_S)
        await self._store.put(object_path(name), content)
        if not await self._repository.put_captions(row.media, language, name, len(content), LANGUAGES_MAX):
            await self._check_again(row.media.id, language)

    async def _check_again(self, media_id: int, language: str) -> NoReturn:
        """Says what has changed since it was checked first."""
        row = (await self._repository.load([media_id])).get(media_id)
        if row is not None:
            check_can_have(row, language)
        raise MediaNotFound

    async def remove(self, row: MediaRow, language: str) -> None:
        """Raises NoCaptions when it has none in this language."""
        if not await self._repository.remove_captions(row.media, language):
            raise NoCaptions


def check_can_have(row: MediaRow, language: str) -> None:
    """Raises NotAVideo or TooManyLanguages."""
    if row.media.kind != "video" or row.media.state == "failed":
        raise NotAVideo
    others = [each for each in row.media.captions if each.language != language]
    if len(others) >= LANGUAGES_MAX:
        raise TooManyLanguages(LANGUAGES_MAX)


def rewritten(body: bytes) -> bytes:
    """WebVTT of what captions in WebVTT or SubRip say. Raises Invalid naming the line that is wrong."""
    try:
        return written(parse(body.decode())).encode()
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise _refused(f"line {line}: this is not UTF-8") from error
    except Malformed as error:
        raise _refused(str(error)) from error


def _refused(reason: str) -> Invalid:
    return invalid_field("body", "malformed", reason)
