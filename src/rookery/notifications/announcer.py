"""Tells the live log of new acts. What cannot be told while Valkey is away is told when it is back."""

import asyncio
from collections import deque
from collections.abc import Iterable

import msgspec
import structlog
from msgspec import Struct

from rookery.kit import live
from rookery.kit.cache import Cache, CacheError
from rookery.kit.live import LiveEvent
from rookery.notifications.repository import Announcement

KEPT = 10_000  # what more people did during an outage is found by REST
AT_ONCE = 500
RETRY_S = 0.5

log = structlog.get_logger(__name__)


class LivePayload(Struct, frozen=True):
    """What the live log carries of a notification: gateways render it for who is connected. Unique per act."""

    group_id: int
    act_id: int


class Announcer:
    """Notifications are durable by the time they are announced, so an outage of Valkey does not stop the consumer."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._waiting: deque[LiveEvent] = deque(maxlen=KEPT)
        self._publishing = asyncio.Lock()
        self._retry: asyncio.Task[None] | None = None

    async def announce(self, announcements: Iterable[Announcement]) -> None:
        """In order, after what is still waiting; returns at once when Valkey is away."""
        self._waiting.extend(live_events(announcements))
        if self._retry is not None and not self._retry.done():
            return
        try:
            await self._publish_waiting()
        except CacheError as error:
            log.warning("notifications.not_announced", waiting=len(self._waiting), error=str(error))
            self._retry = asyncio.create_task(self._keep_trying(), name="notifications.announce")

    async def _publish_waiting(self) -> None:
        async with self._publishing:
            while self._waiting:
                some = [self._waiting.popleft() for _ in range(min(AT_ONCE, len(self._waiting)))]
                try:
                    await live.publish(self._cache, some)
                except BaseException:
                    self._waiting.extendleft(reversed(some))
                    raise

    async def _keep_trying(self) -> None:
        while self._waiting:
            await asyncio.sleep(RETRY_S)
            try:
                await self._publish_waiting()
            except CacheError:
                continue


def live_events(announcements: Iterable[Announcement]) -> list[LiveEvent]:
    """One for each group: its newest act speaks for all that came with it."""
    newest: dict[tuple[int, int], int] = {}
    for each in announcements:
        place = (each.user_id, each.group_id)
        newest[place] = max(each.act_id, newest.get(place, 0))
    return [
        LiveEvent(live.NOTIFICATIONS, user_id, msgspec.json.encode(LivePayload(group_id, act_id)))
        for (user_id, group_id), act_id in newest.items()
    ]
