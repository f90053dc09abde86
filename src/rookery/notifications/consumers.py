"""The consumer group `notifications`: who did what becomes an act of a group, or stops being one, each event once."""

import asyncio
from collections.abc import Iterable

from rookery.access import may_notify, may_see_content
from rookery.contracts.consumers import Subscription
from rookery.contracts.events import AnyEvent, PostDeleted, Topic
from rookery.contracts.users import Author, Reader, UsersApi
from rookery.kit.ids import id_ms, wall_clock_ms
from rookery.notifications.acts import WRITTEN, Act, acts_of, concerns, fold
from rookery.notifications.announcer import Announcer
from rookery.notifications.service import Notifications

BATCH = 200  # a post may concern 52 people, so that this is up to about 10,000 acts in one transaction
PACE_S = 0.1
AUTHORS_MAX = 1_000
READERS_AT_ONCE = 8
ANNOUNCED_AGAIN_MS = 60_000


def subscriptions(notifications: Notifications) -> list[Subscription]:
    consumer = NotificationConsumer(notifications)
    return [
        Subscription(
            group="notifications", topics=[Topic.USERS, Topic.POSTS], handle=consumer.handle, batch=BATCH, pace_s=PACE_S
        )
    ]


class NotificationConsumer:
    """Turns batches of events into acts, and announces the new ones after the commit."""

    def __init__(self, notifications: Notifications) -> None:
        self._users = notifications.users
        self._repository = notifications.repository
        self._announcer = Announcer(notifications.resources.cache)

    async def handle(self, events: list[AnyEvent]) -> None:
        events = [event for event in events if concerns(event)]
        if not events:
            return
        acts = [act for event in events for act in acts_of(event)]
        post_authors = {event.author_id for event in events if isinstance(event, PostDeleted)}
        people = await People.load(self._users, acts, post_authors)
        new = await self._repository.apply(events, lambda fresh: fold(fresh, people.may_be_told), people.ids)
        again = recent([act for act in acts if people.may_be_told(act)])
        # A batch comes again when we died after the commit; nobody may have heard of its acts then.
        if again and len(new) < len(again):
            new = list(dict.fromkeys([*new, *await self._repository.find(again)]))
        await self._announcer.announce(new)


class People:
    """The accounts that some acts involve, and the recipients as readers, as of now."""

    def __init__(self, authors: dict[int, Author], readers: dict[int, Reader]) -> None:
        self._authors = authors
        self._readers = readers

    @classmethod
    async def load(cls, users: UsersApi, acts: list[Act], others: Iterable[int]) -> "People":
        recipients = {act.key.user_id for act in acts}
        ids = sorted(recipients | {act.key.actor_id for act in acts} | set(others))
        authors: dict[int, Author] = {}
        for start in range(0, len(ids), AUTHORS_MAX):
            authors |= await users.authors(ids[start : start + AUTHORS_MAX])
        return cls(authors, await load_readers(users, sorted(recipients & authors.keys())))

    @property
    def ids(self) -> frozenset[int]:
        """Those that exist."""
        return frozenset(self._authors)

    def may_be_told(self, act: Act) -> bool:
        """Whether the act is to reach its user: neither blocked nor muted, and of a post only if they may see it."""
        reader = self._readers.get(act.key.user_id)
        actor = self._authors.get(act.key.actor_id)
        if reader is None or not may_notify(reader, actor):
            return False
        return act.key.kind != WRITTEN or may_see_content(reader, actor)


async def load_readers(users: UsersApi, user_ids: list[int]) -> dict[int, Reader]:
    """READERS_AT_ONCE at a time, so that a large batch does not take every connection of the pool."""
    readers: dict[int, Reader] = {}
    for start in range(0, len(user_ids), READERS_AT_ONCE):
        some = user_ids[start : start + READERS_AT_ONCE]
        readers |= zip(some, await asyncio.gather(*map(users.reader, some)), strict=True)
    return readers


def recent(acts: list[Act]) -> list[Act]:
    """Acts of the last minute: older ones are of a replay, and news to nobody who is connected."""
    since_ms = wall_clock_ms() - ANNOUNCED_AGAIN_MS
    return [act for act in acts if id_ms(act.id) >= since_ms]
