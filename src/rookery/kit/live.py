"""The live log: what connected people should hear at once, in one order that all gateways agree on.

A Valkey stream, bounded to MAX_EVENTS. Consumers append after their effect is durable; every gateway reads all of it
and passes on what its own connections wait for, so that an event costs one append however many people follow. Its ids
are the `last_event_id` of `/v1/stream`. It is a cache like all of Valkey: who finds a gap in it reloads over REST.
"""

from collections.abc import Sequence

from msgspec import Struct

from rookery.kit.cache import Cache

KEY = "live"
MAX_EVENTS = 20_000

HOME = "home"
NOTIFICATIONS = "notifications"


class LiveEvent(Struct, frozen=True):
    """`about` is whose followers (`home`) or which user (`notifications`) it concerns; `payload` is JSON."""

    channel: str
    about: int
    payload: bytes


async def publish(cache: Cache, events: Sequence[LiveEvent]) -> None:
    """Append in order; one round trip. Raises CacheUnavailable, and a repetition is harmless to readers."""
    await cache.pipeline(
        [
            ("XADD", KEY, "MAXLEN", "~", MAX_EVENTS, "*", "c", event.channel, "a", event.about, "p", event.payload)
            for event in events
        ]
    )
