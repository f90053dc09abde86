"""One command: a transaction with its events, and what to tell the caches of all processes once it has committed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from rookery.contracts.codec import encode, topic_of
from rookery.contracts.events import Event
from rookery.kit.bus import Message, append
from rookery.kit.database import Connection
from rookery.kit.resources import Resources
from rookery.kit.telemetry import REQUEST_ID

PUBLISH_AT_ONCE = 500  # keys in one publication


class Change:
    """A command under way: its connection inside the transaction, its events in order, and the keys that grow old."""

    def __init__(self, connection: Connection, resources: Resources) -> None:
        self.connection = connection
        self._ids = resources.ids
        self._messages: list[Message] = []
        self._stale: dict[str, None] = {}

    def next_id(self) -> int:
        return self._ids.next()

    def emit(self, event: Event) -> None:
        """Append an event (its `event_id` from `next_id`) to the outbox when the transaction ends."""
        request_id = REQUEST_ID.get()
        headers = {"request_id": request_id} if request_id else {}
        self._messages.append(Message(topic_of(event), event.key, encode(event), headers))

    def outdate(self, *keys: str) -> None:
        """What local caches keep under these keys is old after the commit."""
        self._stale.update(dict.fromkeys(keys))

    @property
    def messages(self) -> list[Message]:
        return self._messages

    @property
    def stale(self) -> list[str]:
        return list(self._stale)


@asynccontextmanager
async def changing(resources: Resources) -> AsyncIterator[Change]:
    """Rows and events commit together; then caches are told, before the caller answers, and consumers are woken.

    Keys are published even by a command that found nothing to do: it may repeat one that crashed after its commit.
    """
    async with resources.database.transaction() as connection:
        change = Change(connection, resources)
        yield change
        await append(connection, change.messages)
    stale = change.stale
    for start in range(0, len(stale), PUBLISH_AT_ONCE):
        await resources.invalidations.publish(*stale[start : start + PUBLISH_AT_ONCE])
    if change.messages:
        resources.waker.wake()
