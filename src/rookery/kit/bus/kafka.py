"""KafkaBus: the same bus on any broker of the Kafka protocol with consumer groups, by aiokafka.

Keys are eight big-endian bytes, partitions are chosen by us (`partition_of`), offsets are committed by hand. A topic is
made with PARTITIONS partitions when it is missing, before anything else names it: a broker that makes topics by itself
would give it another number.

URL: kafka://host:port[,host:port...]
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener, TopicPartition
from aiokafka import errors as kafka_errors
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.errors import KafkaError
from aiokafka.structs import ConsumerRecord

from rookery.kit.bus.base import (
    BEGINNING,
    PARTITIONS,
    BusUnavailable,
    Message,
    PartitionLost,
    Record,
    Start,
    partition_of,
)

MAX_POLL_INTERVAL_MS = 300_000
# For publishing and making topics; a consumer keeps the client's 40 s, since joining a group takes its time.
REQUEST_TIMEOUT_MS = 10_000
JOIN_TIMEOUT_S = 60.0
COMMIT_TIMEOUT_S = 20.0
CLOSE_TIMEOUT_S = 1.0
# How long the publisher waits for more to put in one request; a wake-up brings whole batches anyway.
LINGER_MS = 2
# Copies of a topic that we make, where there are that many brokers.
MAX_REPLICATION = 3
TOPIC_EXISTS = 36

# The message itself is refused, however often it is sent.
REFUSED = (kafka_errors.MessageSizeTooLargeError, kafka_errors.RecordListTooLargeError)
MOVED_ON = (
    kafka_errors.CommitFailedError,
    kafka_errors.IllegalStateError,
    kafka_errors.RebalanceInProgressError,
    kafka_errors.UnknownMemberIdError,
    kafka_errors.IllegalGenerationError,
)

log = structlog.get_logger(__name__)

# Consumers on their way out; the event loop itself keeps only weak references to tasks.
_leaving: set["asyncio.Task[None]"] = set()


class TopicMismatch(Exception):
    """A topic exists with another number of partitions than PARTITIONS: keys would not meet their partitions."""


class KafkaBus:
    """`start` is where a group without committed offsets begins.

    A member that was killed is missed after `session_timeout_s`, at least what the broker allows (6 by default).
    """

    def __init__(self, url: str, *, start: Start = Start.BEGINNING, session_timeout_s: float = 6.0) -> None:
        self._session_timeout_ms = int(session_timeout_s * 1000)
        self._servers = bootstrap_servers(url)
        self._reset = "earliest" if start is Start.BEGINNING else "latest"
        self._consumers: set[KafkaConsumer] = set()

    async def open(self, group: str, topics: Sequence[str]) -> "KafkaConsumer":
        """Join a group; returns once it has told us our partitions. Raises BusUnavailable, TopicMismatch."""
        await ensure_topics(self._servers, topics)
        consumer = KafkaConsumer(self._client(group), on_close=self._consumers.discard)
        await consumer.start(topics)
        self._consumers.add(consumer)
        return consumer

    async def close(self) -> None:
        for consumer in list(self._consumers):
            await consumer.close()

    def _client(self, group: str) -> AIOKafkaConsumer:
        return AIOKafkaConsumer(
            bootstrap_servers=self._servers,
            group_id=group,
            enable_auto_commit=False,
            auto_offset_reset=self._reset,
            partition_assignment_strategy=(RangePartitionAssignor,),
            session_timeout_ms=self._session_timeout_ms,
            heartbeat_interval_ms=self._session_timeout_ms // 6,
            max_poll_interval_ms=MAX_POLL_INTERVAL_MS,
        )


class Assignment(ConsumerRebalanceListener):  # type: ignore[misc]
    """Hears which partitions are ours, and forgets what we knew of those that are not."""

    def __init__(self) -> None:
        self.known = asyncio.Event()
        self.committed: dict[TopicPartition, int] = {}

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        self.committed.clear()

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        self.known.set()


class KafkaConsumer:
    """See `Consumer`. An outage of the broker is sat out inside the client: batches are empty meanwhile."""

    def __init__(self, client: AIOKafkaConsumer, on_close: Any = lambda _: None) -> None:
        self._client = client
        self._on_close = on_close
        self._assignment = Assignment()

    async def start(self, topics: Sequence[str]) -> None:
        self._client.subscribe(topics=list(topics), listener=self._assignment)
        try:
            async with unavailable_when_away(), asyncio.timeout(JOIN_TIMEOUT_S):
                await self._client.start()
                await self._assignment.known.wait()
        except BaseException:
            await self._client.stop()
            raise

    async def batch(self, max_records: int, wait_s: float) -> list[Record]:
        async with unavailable_when_away():
            found = await self._client.getmany(timeout_ms=int(wait_s * 1000), max_records=max_records)
        return [_record(record) for records in found.values() for record in records]

    async def commit(self, records: Sequence[Record]) -> None:
        """One round trip to the group's coordinator."""
        ours = self._client.assignment()
        offsets: dict[TopicPartition, int] = {}
        lost = set()
        for record in records:
            place = TopicPartition(record.topic, record.partition)
            if place in ours:
                offsets[place] = max(offsets.get(place, 0), record.offset + 1)
            else:
                lost.add(place)
        known = self._assignment.committed
        await self._store({place: offset for place, offset in offsets.items() if offset > known.get(place, -1)})
        if lost:
            raise PartitionLost(f"moved on before the commit: {sorted(lost)}")

    async def seek(self, topic: str, partition: int, offset: int) -> None:
        place = TopicPartition(topic, partition)
        if place not in self._client.assignment():
            raise PartitionLost(f"{topic}/{partition} is not ours")
        if offset == BEGINNING:
            async with unavailable_when_away():
                offset = (await self._client.beginning_offsets([place]))[place]
        await self._reset({place: offset})

    async def seek_to_beginning(self) -> None:
        async with unavailable_when_away():
            offsets = await self._client.beginning_offsets(list(self._client.assignment()))
        await self._reset(offsets)

    async def lag(self) -> int:
        """One round trip per broker, and one for each partition whose committed offset we have not seen yet.

        The end is also heard with every fetch, which is later news than some brokers' answer to the question.
        """
        places = list(self._client.assignment())
        async with unavailable_when_away():
            asked = await self._client.end_offsets(places)
            ends = {place: max(asked[place], self._client.highwater(place) or 0) for place in places}
            return sum([ends[place] - await self._committed(place) for place in places])

    async def close(self) -> None:
        """Leaving may wait for a silent broker until the request times out; that then goes on in the background."""
        self._on_close(self)
        leaving = asyncio.create_task(self._client.stop())
        _leaving.add(leaving)
        leaving.add_done_callback(_left)
        await asyncio.wait([leaving], timeout=CLOSE_TIMEOUT_S)

    async def _reset(self, offsets: dict[TopicPartition, int]) -> None:
        for place, offset in offsets.items():
            self._client.seek(place, offset)
        await self._store(offsets)

    async def _store(self, offsets: dict[TopicPartition, int]) -> None:
        if not offsets:
            return
        try:
            async with unavailable_when_away(), asyncio.timeout(COMMIT_TIMEOUT_S):
                await self._client.commit(offsets)
        except MOVED_ON as error:
            raise PartitionLost(f"the group was rebalanced: {error!r}") from error
        self._assignment.committed.update(offsets)

    async def _committed(self, place: TopicPartition) -> int:
        known = self._assignment.committed
        if place not in known:
            offset = await self._client.committed(place)
            known[place] = await self._client.position(place) if offset is None else offset
        return known[place]


class KafkaPublisher:
    """Sends messages and waits for all replicas (acks=all), each partition in order; without loss, with rare repeats.

    Idempotent where the broker can number producers, so that a retry inside the client writes nothing twice. Where it
    cannot, only that is lost: aiokafka has one request per partition under way, so the order holds.
    """

    def __init__(self, url: str, topics: Sequence[str]) -> None:
        self._servers = bootstrap_servers(url)
        self._topics = list(topics)
        self._producer: AIOKafkaProducer | None = None
        self._one_at_a_time = asyncio.Lock()

    async def publish(self, messages: Sequence[Message | Record]) -> None:
        """Returns once every message is acknowledged. The client groups them into a request per broker.

        Raises one of REFUSED when the broker will never take a message. Anything else, even a fault of our own, is
        BusUnavailable: no event is at fault there, and all of them are to be published again (some may be written).
        """
        async with self._one_at_a_time:
            try:
                producer = self._producer or await self._connect()
                await _send_all(producer, messages)
            except REFUSED:
                raise
            except Exception as error:
                await self.close()  # a producer that failed for good does not recover; the next one is fresh
                raise BusUnavailable(f"cannot publish: {error!r}") from error

    async def close(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await producer.stop()

    async def _connect(self) -> AIOKafkaProducer:
        await ensure_topics(self._servers, self._topics)
        try:
            self._producer = await self._started(idempotent=True)
        except kafka_errors.UnknownError:
            log.warning("producer.not_idempotent", reason="the broker gives out no producer ids")
            self._producer = await self._started(idempotent=False)
        return self._producer

    async def _started(self, *, idempotent: bool) -> AIOKafkaProducer:
        producer = AIOKafkaProducer(
            bootstrap_servers=self._servers,
            acks="all",
            enable_idempotence=idempotent,
            linger_ms=LINGER_MS,
            request_timeout_ms=REQUEST_TIMEOUT_MS,
        )
        try:
            await producer.start()
        except BaseException:
            await producer.stop()
            raise
        return producer


async def ensure_topics(servers: Sequence[str], topics: Sequence[str]) -> None:
    """Make the missing topics and check the others. Three round trips. Raises BusUnavailable, TopicMismatch."""
    if not topics:
        return
    async with unavailable_when_away():
        admin = AIOKafkaAdminClient(bootstrap_servers=list(servers), request_timeout_ms=REQUEST_TIMEOUT_MS)
        try:
            await admin.start()
            replication = min(len((await admin.describe_cluster())["brokers"]), MAX_REPLICATION)
            made = await admin.create_topics([NewTopic(topic, PARTITIONS, replication) for topic in topics])
            for topic, code, *_ in made.topic_errors:
                if code not in (0, TOPIC_EXISTS):
                    raise kafka_errors.for_code(code)(topic)
            described = await admin.describe_topics(list(topics))
        finally:
            await admin.close()
    for topic in described:
        if topic["error_code"] == 0 and len(topic["partitions"]) != PARTITIONS:
            raise TopicMismatch(f"topic {topic['topic']} has {len(topic['partitions'])} partitions, not {PARTITIONS}")


def bootstrap_servers(url: str) -> list[str]:
    """`host:port` of each broker that the URL names."""
    parts = urlsplit(url)
    if parts.scheme != "kafka" or not parts.netloc:
        raise ValueError(f"not a kafka:// URL: {url}")
    return parts.netloc.split(",")


@asynccontextmanager
async def unavailable_when_away() -> AsyncIterator[None]:
    """BusUnavailable for what the broker or the network does; what concerns one message or the group passes through."""
    try:
        yield
    except (*REFUSED, *MOVED_ON):
        raise
    except (KafkaError, OSError, TimeoutError) as error:
        raise BusUnavailable(f"the broker does not answer: {error!r}") from error


def _left(leaving: "asyncio.Task[None]") -> None:
    _leaving.discard(leaving)
    if not leaving.cancelled() and (error := leaving.exception()) is not None:
        log.info("consumer.left_badly", error=repr(error))


async def _send_all(producer: AIOKafkaProducer, messages: Sequence[Message | Record]) -> None:
    """Waits for all before it raises, so that a retry cannot overtake what is still under way."""
    sent: list[asyncio.Future[Any]] = []
    try:
        for message in messages:
            sent.append(await _send(producer, message))
    finally:
        results = await asyncio.gather(*sent, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result


async def _send(producer: AIOKafkaProducer, message: Message | Record) -> "asyncio.Future[Any]":
    future: asyncio.Future[Any] = await producer.send(
        message.topic,
        message.value,
        key=message.key.to_bytes(8, "big", signed=True),
        partition=partition_of(message.key),
        headers=[(name, value.encode()) for name, value in message.headers.items()],
    )
    return future


def _record(record: ConsumerRecord) -> Record:
    return Record(
        record.topic,
        record.partition,
        record.offset,
        int.from_bytes(record.key or b"", "big", signed=True),
        record.value or b"",
        {name: value.decode() for name, value in record.headers},
    )
