"""What the contract tests need of an adapter, and small helpers that wait for facts instead of time."""

import asyncio
import itertools
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple, Protocol

from rookery.kit.bus import Bus, Consumer, Message, Record, Waker, append
from rookery.kit.bus.kafka import KafkaPublisher, bootstrap_servers, ensure_topics
from rookery.kit.database import Connection

DEADLINE_S = 60.0


# Also what the test broker lets every join wait for.
KAFKA_SESSION_TIMEOUT_S = 1.5
LANES = 14


class Lane(NamedTuple):
    """A topic, a group, and its only member, joined."""

    topic: str
    group: str
    consumer: Consumer


class Counts:
    """The metrics of one runner."""

    def __init__(self) -> None:
        self.done = 0
        self.failures: list[str] = []
        self.lags: list[int] = []

    def processed(self, group: str, count: int) -> None:
        self.done += count

    def failed(self, group: str, kind: str) -> None:
        self.failures.append(kind)

    def lag(self, group: str, count: int) -> None:
        self.lags.append(count)


class Harness(Protocol):
    """One adapter under test. `argv` is how a member in another process names it."""

    bus: Bus
    argv: list[str]

    async def publish(self, messages: Sequence[Message]) -> None: ...

    async def make_topic(self, topic: str) -> None: ...

    async def lane(self) -> Lane: ...


class LogHarness:
    def __init__(self, bus: Bus, dsn: str, connection: Connection, waker: Waker) -> None:
        self.bus = bus
        self.argv = ["log", dsn]
        self._connection = connection
        self._waker = waker
        self._one_at_a_time = asyncio.Lock()

    async def publish(self, messages: Sequence[Message]) -> None:
        async with self._one_at_a_time, self._connection.transaction():
            await append(self._connection, messages)
        self._waker.wake()

    async def make_topic(self, topic: str) -> None:
        return

    async def lane(self) -> Lane:
        return await open_lane(self.bus)


class KafkaHarness:
    """Joining a group takes a broker seconds, so the lanes were all opened at once, at the start of the session."""

    def __init__(self, bus: Bus, url: str, publisher: KafkaPublisher, lanes: list[Lane]) -> None:
        self.bus = bus
        self._lanes = lanes
        self.argv = ["kafka", url]
        self._url = url
        self._publisher = publisher

    async def publish(self, messages: Sequence[Message]) -> None:
        await self._publisher.publish(messages)

    async def make_topic(self, topic: str) -> None:
        await ensure_topics(bootstrap_servers(self._url), [topic])

    async def lane(self) -> Lane:
        return self._lanes.pop() if self._lanes else await open_lane(self.bus)


async def open_lane(bus: Bus, topic: str = "", group: str = "") -> Lane:
    topic, group = topic or fresh("topic"), group or fresh("group")
    return Lane(topic, group, await bus.open(group, [topic]))


def fresh(prefix: str) -> str:
    return f"{prefix}-{secrets.token_hex(4)}"


def messages(topic: str, count: int, keys: int = 40) -> list[Message]:
    """`count` messages over `keys` keys; the value is the running number."""
    cycle = itertools.cycle(range(1, keys + 1))
    return [Message(topic, next(cycle) << 16, str(n).encode(), {}) for n in range(count)]


def numbered(topic: str, start: int, count: int) -> list[Message]:
    """Messages of as many keys, from `start` on."""
    return [Message(topic, n << 16, str(n).encode(), {}) for n in range(start, start + count)]


def numbers(records: Sequence[Record]) -> list[int]:
    return [int(record.value) for record in records]


async def collect(consumer: Consumer, count: int, *, commit: bool = True, max_records: int = 1000) -> list[Record]:
    """Read until `count` records came, or fail at the deadline."""
    found: list[Record] = []
    async with asyncio.timeout(DEADLINE_S):
        while len(found) < count:
            records = await consumer.batch(max_records, 0.5)
            if commit and records:
                await consumer.commit(records)
            found += records
    return found


async def eventually(check: Callable[[], bool] | Callable[[], Awaitable[bool]], deadline_s: float = DEADLINE_S) -> None:
    """Poll until `check` holds; AssertionError at the deadline."""
    end = time.monotonic() + deadline_s
    while True:
        outcome = check()
        if outcome if isinstance(outcome, bool) else await outcome:
            return
        assert time.monotonic() < end, "it did not become true in time"
        await asyncio.sleep(0.01)
