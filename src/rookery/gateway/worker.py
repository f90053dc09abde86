"""The worker: consumer groups of its services, the relay to Kafka where there is one, and periodic jobs."""

import asyncio
from collections.abc import Sequence

import structlog

from rookery.contracts.codec import decode
from rookery.contracts.consumers import Subscription
from rookery.contracts.events import AnyEvent, Topic
from rookery.gateway.wiring import Background, Services
from rookery.kit.bus import Bus, DeadLetterTable, LogBus, Record, Runner, RunnerMetrics, group_lag
from rookery.kit.jobs import Job, JobLocks, keep_running
from rookery.kit.telemetry import REQUEST_ID

# Between the first runs of two jobs: all at once would need a connection each, which the pool then keeps for minutes.
JOBS_APART_S = 0.2
CAUSES_MAX = 5  # request ids named in a log line about a batch

log = structlog.get_logger(__name__)


def causes(records: list[Record]) -> str:
    """The requests that a batch goes back to, for logs: at most CAUSES_MAX of them."""
    ids = dict.fromkeys(id_ for record in records if (id_ := record.headers.get("request_id")))
    return ",".join(list(ids)[:CAUSES_MAX])


class Worker:
    """Runs until `stop`. A killed worker loses nothing: what it had not committed comes again, elsewhere or later.

    `paced=False` ignores the pace of the subscriptions, for tests that wait for each event.
    """

    def __init__(self, services: Services, metrics: RunnerMetrics | None = None, *, paced: bool = True) -> None:
        self._paced = paced
        self._services = services
        self._metrics = metrics
        self._subscriptions = services.subscriptions()
        self._job_locks = JobLocks(services.resources.database.dsn)
        self._runners: list[Runner] = []
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        resources = self._services.resources
        dead_letters = DeadLetterTable(resources.database)
        for subscription in self._subscriptions:
            self._runners.append(self._runner(open_bus(self._services), subscription, dead_letters))
        self._tasks = [asyncio.create_task(runner.run()) for runner in self._runners]
        self._tasks += [asyncio.create_task(part()) for part in self._background()]

    async def stop(self) -> None:
        """Give the partitions back and end; within about a second."""
        await asyncio.gather(*(runner.stop() for runner in self._runners))
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._job_locks.close()

    async def lag(self) -> int:
        """Committed events that some group has not handled yet."""
        async with self._services.resources.database.connection() as connection:
            return sum([await group_lag(connection, each.group) for each in self._subscriptions])

    def _runner(self, bus: Bus, subscription: Subscription, dead_letters: DeadLetterTable) -> Runner:
        async def handle(records: list[Record]) -> None:
            REQUEST_ID.set(causes(records))
            await subscription.handle(decode_once(records))

        return Runner(
            bus,
            subscription.group,
            subscription.topics,
            handle,
            dead_letters,
            max_records=subscription.batch,
            pace_s=subscription.pace_s if self._paced else 0.0,
            metrics=self._metrics,
        )

    def _background(self) -> list[Background]:
        def looping(nth: int, job: Job) -> Background:
            return lambda: keep_running(self._job_locks, job, nth * JOBS_APART_S)

        parts = [looping(nth, job) for nth, job in enumerate(self._services.jobs())] + self._services.background()
        if self._services.resources.settings.bus_url and "kit" in self._services.here:
            parts.append(self._relay)
        return parts

    async def _relay(self) -> None:
        from rookery.kit.bus.kafka import KafkaPublisher
        from rookery.kit.bus.relay import Relay

        resources = self._services.resources
        topics = list(Topic)
        publisher = KafkaPublisher(resources.settings.bus_url, topics)
        log_bus = LogBus(resources.settings.database_url)
        await Relay(log_bus, publisher, topics, DeadLetterTable(resources.database), metrics=self._metrics).run()


def decode_once(records: Sequence[Record]) -> list[AnyEvent]:
    """The events of a batch, each in its first place.

    What a killed relay had published comes once more right behind it, so that a batch may hold both; consumers tell
    repeats from earlier batches by kit.consumed, which does not know yet what stands in the same one.
    """
    events: dict[int, AnyEvent] = {}
    for record in records:
        event = decode(record.value)
        events.setdefault(event.event_id, event)
    return list(events.values())


def open_bus(services: Services) -> Bus:
    """Kafka where it is set, else the outbox in PostgreSQL read as a log."""
    settings = services.resources.settings
    if not settings.bus_url:
        return LogBus(settings.database_url)
    from rookery.kit.bus.kafka import KafkaBus

    return KafkaBus(settings.bus_url)
