"""From the log to the broker: everything, in order per key, through kills and outages."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from rookery.kit.bus import DeadLetterTable, LogBus, Message, Record, append, group_lag, partition_of
from rookery.kit.bus import kafka as kafka_module
from rookery.kit.bus import runner as runner_module
from rookery.kit.bus.kafka import KafkaBus, KafkaPublisher
from rookery.kit.bus.relay import Relay
from rookery.kit.database import Connection, Database
from tests.brokers import Broker
from tests.kit.bus.harness import (
    DEADLINE_S,
    KAFKA_SESSION_TIMEOUT_S,
    Counts,
    collect,
    eventually,
    fresh,
    messages,
    numbered,
    numbers,
)


class Line:
    """A log, a relay's group and a topic, and the means to run relays."""

    def __init__(self, log_bus: LogBus, connection: Connection, database: Database, dsn: str) -> None:
        self.topic, self.group = fresh("topic"), fresh("relay")
        self.connection, self.dsn = connection, dsn
        self._log_bus, self._database = log_bus, database

    @asynccontextmanager
    async def relaying(self, url: str, counts: Counts | None = None) -> AsyncIterator[None]:
        dead_letters = DeadLetterTable(self._database)
        publisher = KafkaPublisher(url, [self.topic])
        relay = Relay(self._log_bus, publisher, [self.topic], dead_letters, group=self.group, metrics=counts)
        task = asyncio.create_task(relay.run())
        try:
            yield
        finally:
            await relay.stop()
            await task

    async def all_relayed(self) -> bool:
        """False until the group exists, too."""
        known = await self.connection.fetchval("SELECT count(*) FROM bus.groups WHERE name = $1", self.group)
        return bool(known) and await group_lag(self.connection, self.group) == 0


@pytest.fixture
def line(log_bus: LogBus, connection: Connection, database: Database, bus_dsn: str) -> Line:
    return Line(log_bus, connection, database, bus_dsn)


async def test_everything_arrives_in_order_with_its_headers(line: Line, kafka_url: str, kafka_bus: KafkaBus) -> None:
    sent = [Message(line.topic, m.key, m.value, {"request_id": f"r-{n}"}) for n, m in enumerate(messages("", 500))]
    await append(line.connection, sent)
    async with line.relaying(kafka_url):
        await eventually(line.all_relayed)
    consumer = await kafka_bus.open(fresh("group"), [line.topic])
    records = await collect(consumer, 500)
    assert sorted(numbers(records)) == list(range(500))
    check_order(records)
    for record in records:
        assert record.headers == {"request_id": f"r-{int(record.value)}"}
        assert record.partition == partition_of(record.key)


async def test_killed_between_publishing_and_moving_its_position(
    line: Line, kafka_url: str, kafka_bus: KafkaBus
) -> None:
    """The successor publishes that batch again: nothing is missing, and the repeats are told by their ids."""
    await append(line.connection, messages(line.topic, 200))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.kit.bus.relay_process", line.dsn, kafka_url, line.group, line.topic, "stall",
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    async with asyncio.timeout(DEADLINE_S):
        while not (said := await process.stdout.readline()).startswith(b"published"):
            assert said, "the relay ended"
    process.kill()
    await process.wait()
    assert await group_lag(line.connection, line.group) == 200
    await append(line.connection, [Message(line.topic, 1 << 16, b"200", {})])
    async with line.relaying(kafka_url):
        await eventually(line.all_relayed)
    consumer = await kafka_bus.open(fresh("group"), [line.topic])
    published = int(said.split()[1])
    records = await collect(consumer, 201 + published)
    assert published > 0
    assert len(records) == 201 + published
    once = list({record.value: record for record in reversed(records)}.values())[::-1]
    assert sorted(numbers(once)) == list(range(201))
    check_order(once)


async def test_an_outage_of_the_broker_is_sat_out(
    line: Line, own_broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First there is no broker at all, later one that does not answer."""
    monkeypatch.setattr(runner_module, "BACKOFF_MAX_S", 0.2)
    monkeypatch.setattr(kafka_module, "REQUEST_TIMEOUT_MS", 1000)
    counts = Counts()
    await append(line.connection, messages(line.topic, 20))
    async with line.relaying(own_broker.url, counts):
        await eventually(lambda: len(counts.failures) > 2)
        own_broker.start()
        await eventually(line.all_relayed)
        before = len(counts.failures)
        with own_broker.frozen():
            await append(line.connection, numbered(line.topic, 20, 20))
            await eventually(lambda: len(counts.failures) > before)
        await eventually(line.all_relayed)
        bus = KafkaBus(own_broker.url, session_timeout_s=KAFKA_SESSION_TIMEOUT_S)
        consumer = await bus.open(fresh("group"), [line.topic])
        seen: set[int] = set()
        async with asyncio.timeout(DEADLINE_S):
            while seen != set(range(40)):
                seen |= set(numbers(await consumer.batch(100, 0.5)))
        await bus.close()
    assert set(counts.failures) == {"transient"}


def test_only_the_message_itself_is_poison() -> None:
    """What the relay may park: anything else would drop events for a fault of the broker or of ours."""
    assert {error.__name__ for error in kafka_module.REFUSED} == {
        "MessageSizeTooLargeError",
        "RecordListTooLargeError",
    }


async def test_a_message_that_is_too_large_is_parked(line: Line, kafka_url: str, kafka_bus: KafkaBus) -> None:
    sent = messages(line.topic, 10, keys=1)
    sent[4] = Message(line.topic, 1 << 16, b"x" * 2_000_000, {})
    await append(line.connection, sent)
    async with line.relaying(kafka_url):
        await eventually(line.all_relayed)
    query = "SELECT length(value) FROM bus.dead_letters WHERE group_name = $1"
    assert [row[0] for row in await line.connection.fetch(query, line.group)] == [2_000_000]
    consumer = await kafka_bus.open(fresh("group"), [line.topic])
    assert {0, 1, 2, 3, 5, 6, 7, 8, 9} == set(numbers(await collect(consumer, 9)))


def check_order(records: list[Record]) -> None:
    last: dict[int, int] = {}
    for record in records:
        assert int(record.value) > last.get(record.key, -1)
        last[record.key] = int(record.value)
