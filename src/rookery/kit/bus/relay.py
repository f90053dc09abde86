"""Relay: one more consumer group of the log, whose work is to publish what it reads to Kafka.

Its position moves only behind what the broker has acknowledged. Killed between the two, it publishes the last batch
again: consumers see every event at least once and tell a repeat by its event id, as after any replay.
"""

from collections.abc import Sequence

from rookery.kit.bus.base import Record
from rookery.kit.bus.dead_letters import DeadLetters
from rookery.kit.bus.kafka import KafkaPublisher
from rookery.kit.bus.log import LogBus
from rookery.kit.bus.runner import Runner, RunnerMetrics

GROUP = "relay"
MAX_RECORDS = 2_000


class Relay:
    """Any number may run; they share the partitions. Interface and error handling are those of a `Runner`.

    A message that the broker refuses for ever (too large) is parked, under the group's name, like any poison record.
    """

    def __init__(
        self,
        log_bus: LogBus,
        publisher: KafkaPublisher,
        topics: Sequence[str],
        dead_letters: DeadLetters,
        *,
        group: str = GROUP,
        metrics: RunnerMetrics | None = None,
    ) -> None:
        self._publisher = publisher
        self._runner = Runner(
            log_bus, group, topics, self._publish, dead_letters, max_records=MAX_RECORDS, metrics=metrics
        )

    async def run(self) -> None:
        """Publish until `stop`."""
        try:
            await self._runner.run()
        finally:
            await self._publisher.close()

    async def stop(self) -> None:
        await self._runner.stop()

    async def _publish(self, records: list[Record]) -> None:
        await self._publisher.publish(records)
