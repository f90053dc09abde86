"""The live log: what connected people should hear at once, in one order that all gateways agree on.

A Valkey stream, bounded to MAX_EVENTS. Consumers append after their effect is durable; every gateway reads all of it
and passes on what its own connections wait for, so that an event costs one append however many people follow. Its ids
are the `last_event_id` of `/v1/stream`. It is a cache like all of Valkey: who finds a gap in it reloads over REST.

Events are numbered besides, without a hole. A reader that misses a number knows that the log was flushed or cut below
what it had read; stream ids alone would not tell.
"""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from rookery.kit.cache import Argument, Cache, Script

KEY = "live"
COUNT_KEY = "{live}:count"  # lives beside the stream in a cluster
MAX_EVENTS = 20_000

HOME = "home"
NOTIFICATIONS = "notifications"
MEDIA = "media"

StreamId = tuple[int, int]  # (Unix milliseconds, sequence within them)

PUBLISH = Script("""
local events = (#ARGV - 1) / 3
local number = redis.call('INCRBY', KEYS[2], events) - events
for place = 0, events - 1 do
    redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', 'n', number + place + 1,
               'c', ARGV[place * 3 + 2], 'a', ARGV[place * 3 + 3], 'p', ARGV[place * 3 + 4])
end
return events
""")


class LiveEvent(Struct, frozen=True):
    """`about` is whose followers (`home`) or which user (`notifications`, `media`) it concerns; `payload` is JSON."""

    channel: str
    about: int
    payload: bytes


class LoggedEvent(Struct, frozen=True):
    """An event in its place. `number` is one more than that of the event before it."""

    id: StreamId
    number: int
    event: LiveEvent


async def publish(cache: Cache, events: Sequence[LiveEvent]) -> None:
    """Append in order, at most 2,000; one round trip. Raises CacheUnavailable; a repetition is harmless to readers."""
    if not events:
        return
    arguments: list[Argument] = [MAX_EVENTS]
    for event in events:
        arguments += [event.channel, event.about, event.payload]
    await cache.run(PUBLISH, [KEY, COUNT_KEY], arguments)


async def read_after(cache: Cache, position: StreamId, limit: int, wait_ms: int) -> list[LoggedEvent]:
    """At most `limit` events after `position`, waiting up to `wait_ms` for the first; on a connection for blocking."""
    reply = await cache.execute("XREAD", "COUNT", limit, "BLOCK", wait_ms, "STREAMS", KEY, format_id(position))
    return [] if reply is None else [parse_entry(entry) for entry in reply[KEY.encode()]]


async def read_range(cache: Cache, first: StreamId, last: StreamId, limit: int) -> list[LoggedEvent]:
    """At most `limit` events from `first` to `last`, both included."""
    reply = await cache.execute("XRANGE", KEY, format_id(first), format_id(last), "COUNT", limit)
    return [parse_entry(entry) for entry in reply]


async def read_newest(cache: Cache, limit: int) -> list[LoggedEvent]:
    """The newest `limit` events, oldest of them first."""
    reply = await cache.execute("XREVRANGE", KEY, "+", "-", "COUNT", limit)
    return [parse_entry(entry) for entry in reversed(reply)]


def parse_entry(entry: Any) -> LoggedEvent:
    """An entry as XREAD and XRANGE give it: its id and the fields in the order in which PUBLISH writes them."""
    _, number, _, channel, _, about, _, payload = entry[1]
    return LoggedEvent(parse_id(entry[0].decode()), int(number), LiveEvent(channel.decode(), int(about), payload))


def parse_id(text: str) -> StreamId:
    """Raises ValueError for anything that is no id of the log."""
    ms, dash, sequence = text.partition("-")
    if not (dash and ms.isascii() and ms.isdigit() and sequence.isascii() and sequence.isdigit()):
        raise ValueError("not an id of the live log")
    if len(ms) > 15 or len(sequence) > 15:
        raise ValueError("not an id of the live log")
    return int(ms), int(sequence)


def format_id(value: StreamId) -> str:
    return f"{value[0]}-{value[1]}"
