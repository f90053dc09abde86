"""What only the log in PostgreSQL has: transactions, the watermark, quiet partitions, lost sessions."""

import asyncio
from collections.abc import AsyncIterator
from random import Random

import asyncpg
import pytest

from rookery.kit.bus import (
    PARTITIONS,
    BusUnavailable,
    LogBus,
    Message,
    PartitionLost,
    Record,
    Start,
    Waker,
    append,
    group_lag,
    partition_of,
)
from rookery.kit.bus import log as log_module
from rookery.kit.database import Connection
from tests.kit.bus.harness import collect, eventually, fresh, messages, numbers


@pytest.fixture
async def other_connection(bus_dsn: str) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(bus_dsn)
    yield connection
    await connection.close()


@pytest.fixture
def topic() -> str:
    return fresh("topic")


def one(topic: str, text: str, key: int = 1) -> list[Message]:
    return [Message(topic, key, text.encode(), {})]


async def test_a_transaction_that_commits_late_is_not_skipped(
    log_bus: LogBus, connection: Connection, other_connection: Connection, topic: str
) -> None:
    """A begins first and commits last; B in between. Nothing of B is handed out before A has ended, then both once."""
    consumer = await log_bus.open(fresh("group"), [topic])
    a = connection.transaction()
    await a.start()
    await append(connection, one(topic, "1"))
    async with other_connection.transaction():
        await append(other_connection, one(topic, "2"))
    assert await consumer.batch(10, 0.4) == []
    await a.commit()
    assert numbers(await collect(consumer, 2)) == [1, 2]
    assert await consumer.batch(10, 0.3) == []


async def test_hidden_rows_come_soon_after_the_other_transaction_ends_without_a_wake_up(
    log_bus: LogBus, connection: Connection, other_connection: Connection, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Above the watermark we look again by ourselves, faster than the ordinary poll."""
    monkeypatch.setattr(log_module, "POLL_MAX_S", 3600.0)
    consumer = await log_bus.open(fresh("group"), [topic])
    blocker = connection.transaction()
    await blocker.start()
    await connection.execute("SELECT pg_current_xact_id()")
    await append(other_connection, one(topic, "1"))
    waiting = asyncio.create_task(consumer.batch(10, 3600.0))
    await asyncio.wait([waiting], timeout=0.2)
    assert not waiting.done()
    await blocker.rollback()
    async with asyncio.timeout(30):
        assert numbers(await waiting) == [1]


async def test_order_is_by_transaction_then_by_position(
    log_bus: LogBus, connection: Connection, other_connection: Connection, topic: str
) -> None:
    """B's row lies between A's two, and is read after both: A's transaction is older."""
    async with connection.transaction():
        await append(connection, one(topic, "1"))
        async with other_connection.transaction():
            await append(other_connection, one(topic, "3"))
        await append(connection, one(topic, "2"))
    consumer = await log_bus.open(fresh("group"), [topic])
    assert numbers(await collect(consumer, 3, max_records=1)) == [1, 2, 3]


async def test_a_subtransaction_counts_as_its_transaction(log_bus: LogBus, connection: Connection, topic: str) -> None:
    async with connection.transaction():
        await append(connection, one(topic, "1"))
        async with connection.transaction():
            await append(connection, one(topic, "2"))
    consumer = await log_bus.open(fresh("group"), [topic])
    records = await collect(consumer, 2)
    assert numbers(records) == [1, 2]
    assert len({record.offset >> 64 for record in records}) == 1


async def test_writers_in_any_order_and_two_readers_lose_and_repeat_nothing(
    bus_dsn: str, log_bus: LogBus, topic: str
) -> None:
    """Eight writers whose transactions overlap at random, a third of them rolled back; a member joins in between."""
    random = Random(7)
    committed: list[int] = []
    pool = await asyncpg.create_pool(bus_dsn, min_size=8, max_size=8)

    async def write(writer: int) -> None:
        for n in range(40):
            async with pool.acquire() as connection:
                transaction = connection.transaction()
                await transaction.start()
                batch = [Message(topic, writer, str(writer * 1000 + n * 3 + k).encode(), {}) for k in range(3)]
                await append(connection, batch)
                for _ in range(random.randrange(4)):
                    await asyncio.sleep(0)
                if random.random() < 0.3:
                    await transaction.rollback()
                else:
                    await transaction.commit()
                    committed.extend(int(message.value) for message in batch)

    group = fresh("group")
    writing = asyncio.gather(*(write(writer) for writer in range(8)))
    consumers = [await log_bus.open(group, [topic])]
    seen: list[Record] = []
    async with asyncio.timeout(60):
        while not writing.done() or len(seen) < len(committed):
            for consumer in consumers:
                records = await consumer.batch(17, 0.01)
                await consumer.commit(records)
                seen += records
            if len(seen) > 200 and len(consumers) == 1:
                consumers.append(await log_bus.open(group, [topic]))
    await writing
    await pool.close()
    assert sorted(numbers(seen)) == sorted(committed)
    for writer in range(8):
        mine = [int(record.value) for record in seen if record.key == writer]
        assert mine == sorted(mine)


async def test_a_rollback_leaves_nothing(log_bus: LogBus, connection: Connection, topic: str) -> None:
    with pytest.raises(ZeroDivisionError):
        async with connection.transaction():
            await append(connection, one(topic, "1"))
            raise ZeroDivisionError
    await append(connection, one(topic, "2"))
    consumer = await log_bus.open(fresh("group"), [topic])
    assert numbers(await collect(consumer, 1)) == [2]


async def test_append_is_one_statement(connection: Connection, topic: str) -> None:
    await append(connection, messages(topic, 1))  # the driver learns its array types once per connection
    queries: list[str] = []
    with connection.query_logger(lambda record: queries.append(record.query)):
        await append(connection, messages(topic, 500))
        await append(connection, [])
        await asyncio.sleep(0)  # the driver calls its loggers in the next turn of the loop
    assert len(queries) == 1
    assert await connection.fetchval("SELECT count(*) FROM bus.outbox WHERE topic = $1", topic) == 501


async def test_a_batch_and_its_commit_are_one_statement_each(
    log_bus: LogBus, connection: Connection, topic: str
) -> None:
    consumer = await log_bus.open(fresh("group"), [topic])
    await append(connection, messages(topic, 300))
    assert len(await collect(consumer, 300)) == 300
    await append(connection, messages(topic, 300))
    queries: list[str] = []
    with consumer.session.connection.query_logger(lambda record: queries.append(record.query)):
        records = await consumer.batch(300, 10.0)
        await consumer.commit(records)
        await asyncio.sleep(0)
    assert len(records) == 300
    assert len(queries) == 2


async def test_a_group_may_begin_at_the_end(bus_dsn: str, connection: Connection, topic: str) -> None:
    await append(connection, one(topic, "1"))
    bus = LogBus(bus_dsn, start=Start.LATEST)
    consumer = await bus.open(fresh("group"), [topic])
    await append(connection, one(topic, "2"))
    assert numbers(await collect(consumer, 1)) == [2]
    await bus.close()


async def test_quiet_partitions_follow_the_watermark(
    bus_dsn: str, log_bus: LogBus, connection: Connection, topic: str
) -> None:
    """Else they would hold back retention, and a restart would scan from where they last had news."""
    group = fresh("group")
    consumer = await log_bus.open(group, [topic])
    await append(connection, one(topic, "1"))
    records = await collect(consumer, 1, commit=False)
    await consumer.close()
    query = "SELECT partition, xid FROM bus.positions AS p JOIN bus.groups AS g ON g.id = group_id WHERE name = $1"
    stored = {row["partition"]: row["xid"] for row in await connection.fetch(query, group)}
    assert len(stored) == PARTITIONS
    assert stored[records[0].partition] == 0
    assert all(xid > records[0].offset >> 64 for p, xid in stored.items() if p != records[0].partition)


async def test_a_lost_session_ends_the_consumer(log_bus: LogBus, connection: Connection, topic: str) -> None:
    """The server forgot our locks: neither a batch nor a commit may work any more."""
    group = fresh("group")
    await append(connection, one(topic, "1"))
    consumer = await log_bus.open(group, [topic])
    records = await collect(consumer, 1, commit=False)
    pid = consumer.session.connection.get_server_pid()
    await connection.execute("SELECT pg_terminate_backend($1, 10000)", pid)
    with pytest.raises(BusUnavailable):
        await consumer.commit(records)
    with pytest.raises(BusUnavailable):
        await consumer.batch(10, 0.1)
    await consumer.close()
    assert numbers(await collect(await log_bus.open(group, [topic]), 1)) == [1]


async def test_an_absent_server_is_bus_unavailable() -> None:
    with pytest.raises(BusUnavailable):
        await LogBus("postgresql://nobody@127.0.0.1:1/nothing").open("group", ["topic"])


async def test_partitions_are_shared_fairly_and_given_back(log_bus: LogBus, topic: str) -> None:
    group = fresh("group")
    consumers = [await log_bus.open(group, [topic]) for _ in range(3)]
    assert len(consumers[0].partitions) == PARTITIONS

    async def settled(alive: int, share: int) -> bool:
        for consumer in consumers[:alive]:
            await consumer.batch(1, 0.0)
        owned = [partition for consumer in consumers[:alive] for partition in consumer.partitions]
        assert len(owned) == len(set(owned))
        return len(owned) == PARTITIONS and all(len(consumer.partitions) <= share for consumer in consumers[:alive])

    await eventually(lambda: settled(3, 6))
    consumers[2].session.terminate()
    await eventually(lambda: settled(2, 8))
    await consumers[1].close()
    await eventually(lambda: settled(1, 16))


async def test_a_commit_after_giving_a_partition_back_is_refused(
    log_bus: LogBus, connection: Connection, topic: str
) -> None:
    group = fresh("group")
    await append(connection, messages(topic, 64, keys=64))
    first = await log_bus.open(group, [topic])
    records = await collect(first, 64, commit=False)
    second = await log_bus.open(group, [topic])

    async def shared() -> bool:
        await first.batch(1, 0.0)
        return len(first.partitions) == PARTITIONS // 2

    await eventually(shared)
    with pytest.raises(PartitionLost):
        await first.commit(records)
    kept = [record for record in records if record.partition in first.partitions]
    again = await collect(second, 64 - len(kept))
    assert set(numbers(again)) | set(numbers(kept)) == set(range(64))
    assert await first.lag() == 0


async def test_a_rare_topic_is_found_in_a_long_log(
    log_bus: LogBus, connection: Connection, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look ends after LOOK_SPAN transactions; what lies further is found by looking on, within one wait."""
    monkeypatch.setattr(log_module, "LOOK_SPAN", 7)
    for n in range(60):
        await append(connection, one(topic if n in (0, 31, 59) else fresh("other"), str(n)))
    consumer = await log_bus.open(fresh("group"), [topic])
    assert numbers(await collect(consumer, 3)) == [0, 31, 59]
    assert await consumer.batch(10, 0.0) == []


async def test_group_lag_needs_no_member(log_bus: LogBus, connection: Connection, topic: str) -> None:
    group = fresh("group")
    await append(connection, messages(topic, 30))
    assert await group_lag(connection, group) >= 30  # it never ran: the whole log lies before it
    consumer = await log_bus.open(group, [topic])
    assert await group_lag(connection, group) == 30
    await collect(consumer, 30)
    await consumer.close()
    assert await group_lag(connection, group) == 0


async def test_a_wake_up_ends_the_wait_at_once(
    log_bus: LogBus, waker: Waker, connection: Connection, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With polling made useless, only the NOTIFY can end this wait."""
    monkeypatch.setattr(log_module, "POLL_MIN_S", 3600.0)
    monkeypatch.setattr(log_module, "POLL_MAX_S", 3600.0)
    consumer = await log_bus.open(fresh("group"), [topic])
    consumer._pause_s = 3600.0
    waiting = asyncio.create_task(consumer.batch(10, 3600.0))
    await asyncio.wait([waiting], timeout=0.2)
    assert not waiting.done()
    await append(connection, one(topic, "1"))
    waker.wake()
    async with asyncio.timeout(30):
        assert numbers(await waiting) == [1]


def test_the_partition_of_a_key_is_fixed_and_spread() -> None:
    """A change of these numbers would move every user's events to another partition."""
    assert [partition_of(key) for key in (0, 1, -1, 2**63 - 1, 115_000_000_000_000_000)] == [9, 15, 12, 6, 6]
    ids = [(1_700_000_000_000 + n * 37) << 16 | 3 << 8 for n in range(16_000)]
    counts = [sum(partition_of(key) == number for key in ids) for number in range(PARTITIONS)]
    assert min(counts) > 800 and max(counts) < 1200
