"""What every bus does, whichever adapter: the same tests for the log in PostgreSQL and for Kafka."""

import asyncio
import sys
import time
from collections import defaultdict
from collections.abc import Sequence

from rookery.kit.bus import BEGINNING, PARTITIONS, Consumer, Message, Record, partition_of
from tests.kit.bus.harness import DEADLINE_S, Harness, Lane, collect, eventually, fresh, messages, numbered, numbers


def by_key(records: Sequence[Record]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for record in records:
        found[record.key].append(int(record.value))
    return found


async def test_keys_keep_their_order(harness: Harness, lane: Lane) -> None:
    topic, _, consumer = lane
    sent = messages(topic, 400)
    for start in range(0, 400, 50):
        await harness.publish(sent[start : start + 50])
    records = await collect(consumer, 400, max_records=30)
    assert sorted(numbers(records)) == list(range(400))
    assert all(values == sorted(values) for values in by_key(records).values())
    assert len({record.partition for record in records}) > PARTITIONS // 2
    assert all(record.partition == partition_of(record.key) for record in records)


async def test_offsets_rise_within_a_partition(harness: Harness, lane: Lane) -> None:
    topic, _, consumer = lane
    await harness.publish(messages(topic, 300))
    last: dict[int, int] = {}
    for record in await collect(consumer, 300, max_records=70):
        assert record.offset > last.get(record.partition, -1)
        last[record.partition] = record.offset


async def test_everything_of_a_message_is_carried(harness: Harness, lane: Lane) -> None:
    topic, _, consumer = lane
    sent = [
        Message(topic, 2**62 + 5, b"\x00\xff raw", {"request_id": "r-1", "weird": "ü\u2028"}),
        Message(topic, -7, b"", {}),
    ]
    await harness.publish(sent)
    records = await collect(consumer, 2)
    got = {record.key: (record.topic, record.value, record.headers) for record in records}
    assert got == {message.key: (topic, message.value, message.headers) for message in sent}


async def test_uncommitted_records_come_again(harness: Harness, lane: Lane) -> None:
    topic, group, consumer = lane
    await harness.publish(messages(topic, 100))
    first = await collect(consumer, 100, commit=False)
    done = [record for record in first if record.partition % 2]
    await consumer.commit(done)
    await consumer.close()
    consumer = await harness.bus.open(group, [topic])
    again = await collect(consumer, 100 - len(done))
    assert sorted(numbers(again)) == sorted(set(range(100)) - set(numbers(done)))
    assert await consumer.batch(10, 0.5) == []


async def test_groups_are_independent(harness: Harness, lane: Lane) -> None:
    topic, _, consumer = lane
    await harness.publish(messages(topic, 50))
    assert sorted(numbers(await collect(consumer, 50))) == list(range(50))
    other = await harness.bus.open(fresh("group"), [topic])
    assert sorted(numbers(await collect(other, 50))) == list(range(50))


async def test_a_group_reads_its_topics_only(harness: Harness, lane: Lane) -> None:
    topic, _, consumer = lane
    other = fresh("other")
    await harness.make_topic(other)
    await harness.publish([*messages(other, 30), *messages(topic, 20)])
    assert sorted(numbers(await collect(consumer, 20))) == list(range(20))
    assert await consumer.batch(10, 0.3) == []


async def test_one_consumer_reads_several_topics(harness: Harness, topic: str) -> None:
    other = fresh("other")
    await harness.make_topic(other)
    await harness.publish([*messages(other, 30), *messages(topic, 20)])
    consumer = await harness.bus.open(fresh("group"), [topic, other])
    records = await collect(consumer, 50)
    assert sorted(numbers([r for r in records if r.topic == topic])) == list(range(20))
    assert sorted(numbers([r for r in records if r.topic == other])) == list(range(30))


async def test_an_empty_wait_ends_in_time(lane: Lane) -> None:
    consumer = lane.consumer
    await consumer.batch(10, 0.0)
    started = time.monotonic()
    assert await consumer.batch(10, 0.6) == []
    assert 0.55 <= time.monotonic() - started < 5.0


async def test_a_waiting_consumer_is_given_news(harness: Harness, lane: Lane) -> None:
    topic, _, consumer = lane
    waiting = asyncio.create_task(collect(consumer, 1))
    await harness.publish(messages(topic, 1))
    assert numbers(await waiting) == [0]


async def test_batches_are_bounded_and_large_ones_arrive(harness: Harness, lane: Lane) -> None:
    topic, _, consumer = lane
    await harness.publish(messages(topic, 5000, keys=200))
    found: list[Record] = []
    async with asyncio.timeout(DEADLINE_S):
        while len(found) < 5000:
            records = await consumer.batch(700, 1.0)
            assert len(records) <= 700
            await consumer.commit(records)
            found += records
    assert sorted(numbers(found)) == list(range(5000))


async def test_commit_never_moves_backwards(harness: Harness, lane: Lane) -> None:
    topic, group, consumer = lane
    await harness.publish(messages(topic, 60, keys=1))
    records = await collect(consumer, 60, commit=False)
    await consumer.commit(records)
    await consumer.commit(records[:10])
    await consumer.close()
    await harness.publish([Message(topic, 1 << 16, b"60", {})])
    consumer = await harness.bus.open(group, [topic])
    assert numbers(await collect(consumer, 1)) == [60]


async def test_replay_from_the_beginning_survives_a_crash(harness: Harness, lane: Lane) -> None:
    topic, group, consumer = lane
    await harness.publish(messages(topic, 80))
    await collect(consumer, 80)
    await consumer.seek_to_beginning()
    replayed = await collect(consumer, 20, max_records=20)
    await consumer.close()
    consumer = await harness.bus.open(group, [topic])
    replayed += await collect(consumer, 80 - len(replayed))
    assert sorted(numbers(replayed)) == list(range(80))


async def test_seek_to_an_offset_reads_that_record_next(harness: Harness, lane: Lane) -> None:
    topic, _, consumer = lane
    await harness.publish(messages(topic, 10, keys=1))
    records = await collect(consumer, 10)
    await consumer.seek(topic, records[6].partition, records[6].offset)
    assert numbers(await collect(consumer, 4)) == [6, 7, 8, 9]
    await consumer.seek(topic, records[0].partition, BEGINNING)
    assert numbers(await collect(consumer, 10)) == list(range(10))


async def test_lag_counts_what_is_not_committed(harness: Harness, lane: Lane) -> None:
    topic, _, consumer = lane
    await harness.publish(messages(topic, 120))
    await eventually(lambda: _lag_is(consumer, 120))
    records = await collect(consumer, 120, commit=False)
    assert await consumer.lag() == 120
    await consumer.commit([record for record in records if record.partition < 8])
    assert await consumer.lag() == sum(record.partition >= 8 for record in records)
    await consumer.commit(records)
    assert await consumer.lag() == 0


async def test_two_members_share_and_the_survivor_takes_over(harness: Harness, topic: str) -> None:
    group = fresh("group")
    first = await harness.bus.open(group, [topic])
    second = await harness.bus.open(group, [topic])
    shares: dict[str, list[Record]] = {"first": [], "second": []}
    sent = 0
    # Until the newcomer has read half of the partitions: it got its share while the other went on.
    async with asyncio.timeout(DEADLINE_S):
        while len({r.partition for r in shares["second"]}) < PARTITIONS // 2 or not shares["first"]:
            await harness.publish(numbered(topic, sent, 64))
            sent += 64
            for name, consumer in (("first", first), ("second", second)):
                records = await consumer.batch(1000, 0.2)
                await consumer.commit(records)
                shares[name] += records
    await second.close()
    await harness.publish(numbered(topic, sent, 64))
    seen = set(numbers(shares["first"] + shares["second"]))
    async with asyncio.timeout(DEADLINE_S):
        while len(seen) < sent + 64:
            records = await first.batch(1000, 0.2)
            await first.commit(records)
            seen |= set(numbers(records))
    assert seen == set(range(sent + 64))


async def test_a_killed_member_is_replaced(harness: Harness) -> None:
    """SIGKILL to a process in the middle of its work: what it had not committed comes to the other member."""
    await asyncio.gather(_kill_a_member(harness, "commit"), _kill_a_member(harness, "hold"))


async def _kill_a_member(harness: Harness, mode: str) -> None:
    topic, group = fresh("topic"), fresh("group")
    await harness.make_topic(topic)
    await harness.publish(numbered(topic, 0, 100))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.kit.bus.member", *harness.argv, group, topic, mode, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    async with asyncio.timeout(DEADLINE_S):
        assert await process.stdout.readline() == b"joined\n"
        lines = [(await process.stdout.readline()).decode().strip() for _ in range(101 if mode == "commit" else 100)]
    process.kill()
    await process.wait()
    assert set(lines) - {"committed"} == {str(n) for n in range(100)}
    await harness.publish(numbered(topic, 100, 100))
    consumer = await harness.bus.open(group, [topic])
    expected = set(range(100, 200)) if mode == "commit" else set(range(200))
    seen: set[int] = set()
    async with asyncio.timeout(DEADLINE_S):
        while not expected <= seen:
            records = await consumer.batch(1000, 0.2)
            await consumer.commit(records)
            seen |= set(numbers(records))


async def _lag_is(consumer: Consumer, expected: int) -> bool:
    return await consumer.lag() == expected
