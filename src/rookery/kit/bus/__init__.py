"""The event bus: topics, partitions by key, consumer groups with positions, at-least-once delivery.

Two adapters behind one interface: `LogBus` reads the outbox in PostgreSQL, `KafkaBus` any broker of the Kafka protocol,
fed from the same outbox by the `Relay`. The bus carries bytes and knows no event.

`rookery.kit.bus.kafka` and `rookery.kit.bus.relay` are imported from where they are needed: one machine does without.
"""

from rookery.kit.bus.base import (
    BEGINNING,
    PARTITIONS,
    Bus,
    BusUnavailable,
    Consumer,
    Message,
    PartitionLost,
    Record,
    Start,
    partition_of,
)
from rookery.kit.bus.dead_letters import DeadLetters, DeadLetterTable, retry_dead_letters
from rookery.kit.bus.log import LogBus
from rookery.kit.bus.outbox import append
from rookery.kit.bus.positions import group_lag
from rookery.kit.bus.retention import forget_group, maintain
from rookery.kit.bus.runner import TRANSIENT_ERRORS, Handler, Runner, RunnerMetrics
from rookery.kit.bus.waker import Waker

__all__ = [
    "BEGINNING",
    "PARTITIONS",
    "TRANSIENT_ERRORS",
    "Bus",
    "BusUnavailable",
    "Consumer",
    "DeadLetterTable",
    "DeadLetters",
    "Handler",
    "LogBus",
    "Message",
    "PartitionLost",
    "Record",
    "Runner",
    "RunnerMetrics",
    "Start",
    "Waker",
    "append",
    "forget_group",
    "group_lag",
    "maintain",
    "partition_of",
    "retry_dead_letters",
]
