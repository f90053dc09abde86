"""How much an account may keep, and how much it may have under way."""

from typing import Final

from rookery.kit.settings import Settings
from rookery.media.errors import QuotaExceeded, TooManyWaiting
from rookery.media.repository import MediaRepository, UsageRow
from rookery.media.schemas import KindUsage, MediaUsage

WAITING_MAX: Final = 20  # of one account, unprocessed: nobody fills the queue alone
UPLOADS_MAX: Final = 20  # resumable uploads of one account on their way

NOTHING: Final = KindUsage(count=0, bytes=0)


class Quota:
    def __init__(self, settings: Settings, repository: MediaRepository) -> None:
        self._quota_bytes = settings.media_quota_bytes
        self._repository = repository

    async def check(self, user_id: int, more_bytes: int) -> None:
        """Raises QuotaExceeded or TooManyWaiting when so many bytes more are too many. Two round trips.

        Uploads at the same moment do not see each other: an account may exceed its quota by what it sends at once.
        """
        rows = await self.check_room(user_id, more_bytes)
        if next((row.count for row in rows if row.kind == "upload"), 0) >= UPLOADS_MAX:
            raise TooManyWaiting(UPLOADS_MAX)
        if await self._repository.count_waiting(user_id) >= WAITING_MAX:
            raise TooManyWaiting(WAITING_MAX)

    async def check_room(self, user_id: int, more_bytes: int) -> list[UsageRow]:
        """Raises QuotaExceeded alone; returns what is used. One round trip."""
        rows = await self._repository.usage(user_id)
        if self._quota_bytes and sum(row.bytes for row in rows) + more_bytes > self._quota_bytes:
            raise QuotaExceeded(self._quota_bytes)
        return rows

    async def usage(self, user_id: int) -> MediaUsage:
        rows = await self._repository.usage(user_id)
        return MediaUsage(
            used_bytes=sum(row.bytes for row in rows),
            quota_bytes=self._quota_bytes or None,
            image=_of(rows, "image"),
            gif=_of(rows, "gif"),
            video=_of(rows, "video"),
        )


def _of(rows: list[UsageRow], kind: str) -> KindUsage:
    return next((KindUsage(count=row.count, bytes=row.bytes) for row in rows if row.kind == kind), NOTHING)
