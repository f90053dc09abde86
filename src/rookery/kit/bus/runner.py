"""Runner: keeps one handler fed from one consumer group, whatever happens around it.

The rules, in order of what goes wrong:

    the handler succeeds            commit, next batch
    a dependency is down            the same records again, waiting longer each time, for ever (TRANSIENT_ERRORS)
    the handler fails otherwise     halve the batch until the one record is found that fails; after ATTEMPTS tries it is
                                    parked in the dead letters, and the rest goes on
    the bus is away                 open it again, for ever; uncommitted records come again
    the partition moved on          go on; whoever has it now gets its records again

So a handler sees every record at least once, and some twice: it inserts or does nothing.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

import asyncpg
import structlog

from rookery.kit.bus.base import Bus, BusUnavailable, Consumer, PartitionLost, Record
from rookery.kit.bus.dead_letters import DeadLetters
from rookery.kit.cache import CacheReplyError, CacheUnavailable
from rookery.kit.database import CONNECTION_ERRORS
from rookery.kit.problems import Unavailable

Handler = Callable[[list[Record]], Awaitable[None]]

# What ends by itself once the other side is back. Everything else is taken for the record's own fault.
TRANSIENT_ERRORS: tuple[type[Exception], ...] = (
    *CONNECTION_ERRORS,
    TimeoutError,
    Unavailable,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
    asyncpg.LockNotAvailableError,
    CacheUnavailable,
)

# Answers of a Valkey that is there and cannot serve yet, by their first word.
CACHE_NOT_READY = ("LOADING", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "BUSY", "OOM")

ATTEMPTS = 3
BACKOFF_MIN_S, BACKOFF_MAX_S = 0.1, 10.0
WAIT_S = 5.0
LAG_EVERY_S = 5.0
STOP_GRACE_S = 0.7

log = structlog.get_logger(__name__)


class RunnerMetrics(Protocol):
    """What a runner counts. `kind` is transient, poison or bus."""

    def processed(self, group: str, count: int) -> None: ...

    def failed(self, group: str, kind: str) -> None: ...

    def lag(self, group: str, count: int) -> None: ...


class NoMetrics:
    def processed(self, group: str, count: int) -> None: ...

    def failed(self, group: str, kind: str) -> None: ...

    def lag(self, group: str, count: int) -> None: ...


class Backoff:
    """Waiting times that double up to BACKOFF_MAX_S, each cut by up to half at random, so that processes spread out."""

    def __init__(self) -> None:
        self._next_s = BACKOFF_MIN_S

    def reset(self) -> None:
        self._next_s = BACKOFF_MIN_S

    async def wait(self) -> None:
        delay_s, self._next_s = self._next_s, min(self._next_s * 2, BACKOFF_MAX_S)
        await asyncio.sleep(delay_s * random.uniform(0.5, 1.0))  # noqa: S311 - not for secrets


class Runner:
    """Runs `handler` over batches of at most `max_records`, in order, one batch at a time.

    `run` returns after `stop` only; start it as a task. `transient` adds errors to TRANSIENT_ERRORS. Between the
    beginnings of two batches lie at least `pace_s` seconds.
    """

    def __init__(
        self,
        bus: Bus,
        group: str,
        topics: Sequence[str],
        handler: Handler,
        dead_letters: DeadLetters,
        *,
        max_records: int = 500,
        pace_s: float = 0.0,
        transient: tuple[type[Exception], ...] = (),
        metrics: RunnerMetrics | None = None,
    ) -> None:
        self._bus = bus
        self._group = group
        self._topics = topics
        self._handler = handler
        self._dead_letters = dead_letters
        self._max_records = max_records
        self._pace_s = pace_s
        self._transient = TRANSIENT_ERRORS + transient
        self._metrics = metrics or NoMetrics()
        self._log = log.bind(group=group)
        self._stopping = False
        self._handling = False
        self._loop_task: asyncio.Task[None] | None = None
        self._next_lag = 0.0

    async def run(self) -> None:
        """Consume until `stop`, or until cancelled; then the partitions are given back."""
        self._loop_task = asyncio.create_task(self._loop(), name=f"runner:{self._group}")
        try:
            await self._loop_task
        except asyncio.CancelledError:
            self._loop_task.cancel()
            await asyncio.gather(self._loop_task, return_exceptions=True)
            if not self._stopping:
                raise

    async def stop(self) -> None:
        """Done within about a second: the batch in hand gets STOP_GRACE_S to end, else its records come again."""
        self._stopping = True
        task = self._loop_task
        if task is None or task.done():
            return
        if self._handling:
            await asyncio.wait([task], timeout=STOP_GRACE_S)
        task.cancel()
        await asyncio.wait([task])

    async def _loop(self) -> None:
        backoff = Backoff()
        while not self._stopping:
            try:
                consumer = await self._bus.open(self._group, self._topics)
                try:
                    await self._consume(consumer, backoff)
                finally:
                    await consumer.close()
            except Exception as error:
                self._metrics.failed(self._group, "bus")
                known = isinstance(error, BusUnavailable)
                self._log.warning("bus.unavailable", error=repr(error), exc_info=None if known else error)
                await backoff.wait()

    async def _consume(self, consumer: Consumer, backoff: Backoff) -> None:
        while not self._stopping:
            records = await consumer.batch(self._max_records, WAIT_S)
            began_at = time.monotonic()
            backoff.reset()
            if records:
                self._handling = True
                try:
                    await self._process(consumer, records)
                finally:
                    self._handling = False
            await self._report_lag(consumer)
            if records and (pause_s := began_at + self._pace_s - time.monotonic()) > 0:
                await asyncio.sleep(pause_s)

    async def _process(self, consumer: Consumer, records: list[Record]) -> None:
        """Handle and commit these records, all of them or, in halves, all but the poisonous ones."""
        error = await self._attempt(records, ATTEMPTS if len(records) == 1 else 1)
        if error is not None and len(records) > 1:
            middle = len(records) // 2
            await self._process(consumer, records[:middle])
            await self._process(consumer, records[middle:])
            return
        if error is not None:
            await self._park(records[0], error)
        await self._commit(consumer, records)
        self._metrics.processed(self._group, len(records))

    async def _attempt(self, records: list[Record], attempts: int) -> Exception | None:
        """None on success, else the error that is not transient; transient ones are sat out in here."""
        backoff = Backoff()
        while True:
            try:
                await self._handler(records)
                return None
            except Exception as error:
                if self._is_transient(error):
                    self._metrics.failed(self._group, "transient")
                    self._log.warning("handler.waiting", error=repr(error), records=len(records))
                else:
                    self._metrics.failed(self._group, "poison")
                    attempts -= 1
                    if attempts <= 0:
                        return error
            await backoff.wait()

    def _is_transient(self, error: Exception) -> bool:
        not_ready = isinstance(error, CacheReplyError) and str(error).startswith(CACHE_NOT_READY)
        return not_ready or isinstance(error, self._transient)

    async def _park(self, record: Record, error: Exception) -> None:
        """Into the dead letters, waiting for as long as they are away: a record is never dropped."""
        place = {"topic": record.topic, "partition": record.partition, "offset": record.offset}
        self._log.error("record.parked", **place, request_id=record.headers.get("request_id"), exc_info=error)
        backoff = Backoff()
        while True:
            try:
                await self._dead_letters.park(self._group, record, error)
                return
            except Exception as away:
                self._log.warning("dead_letters.waiting", error=repr(away))
                await backoff.wait()

    async def _commit(self, consumer: Consumer, records: list[Record]) -> None:
        try:
            await consumer.commit(records)
        except PartitionLost as error:
            self._log.info("partition.lost", error=str(error))

    async def _report_lag(self, consumer: Consumer) -> None:
        now = time.monotonic()
        if now >= self._next_lag:
            self._next_lag = now + LAG_EVERY_S
            self._metrics.lag(self._group, await consumer.lag())
