"""What both adapters agree on: messages, records, partitions, and the interface of a bus and of a consumer."""

import zlib
from collections.abc import Sequence
from enum import Enum
from typing import Final, Protocol

from msgspec import Struct

# Fixed for the life of a deployment: another number moves keys to other partitions and breaks their order.
# 16 lets up to 16 processes share the work of a group, and keeps the position table and rebalancing small.
PARTITIONS: Final = 16

# The place before the first retained record, for `Consumer.seek`.
BEGINNING: Final = -1


class Start(Enum):
    """Where a group that has no position yet begins."""

    BEGINNING = "beginning"
    LATEST = "latest"


class BusUnavailable(ConnectionError):
    """The bus does not answer or the connection was lost; the consumer is of no more use, open another one."""


class PartitionLost(Exception):
    """A commit or seek came too late: the partition belongs to another member now, who will get those records again."""


class Message(Struct, frozen=True):
    """What a producer hands over. Messages of one key keep their order; `headers` carry `request_id` for tracing."""

    topic: str
    key: int
    value: bytes
    headers: dict[str, str] = {}


class Record(Struct, frozen=True):
    """A message in the log. Compare `offset` only within one topic and partition; it may exceed 64 bits."""

    topic: str
    partition: int
    offset: int
    key: int
    value: bytes
    headers: dict[str, str] = {}


def partition_of(key: int) -> int:
    """The partition of a key, the same in both adapters and in any language (CRC-32 of eight big-endian bytes).

    Ids end in a sequence that is mostly 0, so `key % PARTITIONS` would put nearly everything in one partition.
    """
    return zlib.crc32(key.to_bytes(8, "big", signed=True)) % PARTITIONS


class Consumer(Protocol):
    """One member of a group, holding its share of the partitions. Use it from one task (`lag` from any).

    Every method raises BusUnavailable when the bus is away; after that, close it and open another.
    """

    async def batch(self, max_records: int, wait_s: float) -> list[Record]:
        """The next records in order within each partition, at most `max_records`; [] when none came in `wait_s`.

        Partitions come and go in here only, so what a call returned stays ours until the next call (LogBus; on Kafka
        a slow member may be taken for dead before).
        """
        ...

    async def commit(self, records: Sequence[Record]) -> None:
        """Move the group's position behind these records, never backwards. Raises PartitionLost."""
        ...

    async def seek(self, topic: str, partition: int, offset: int) -> None:
        """Read next from the record at `offset` (BEGINNING: the first retained).

        Stored as the group's position, so that a crash does not undo it. Raises PartitionLost when it is not ours.
        """
        ...

    async def seek_to_beginning(self) -> None:
        """Replay everything retained of the partitions that are ours; stored, so that a crash resumes the replay."""
        ...

    async def lag(self) -> int:
        """Records of our partitions that are not committed; an adapter may stop counting at 100,000."""
        ...

    async def close(self) -> None:
        """Give the partitions back. Harmless when the bus is away or when called twice."""
        ...


class Bus(Protocol):
    async def open(self, group: str, topics: Sequence[str]) -> Consumer:
        """Join a group. All members of a group name the same topics. Raises BusUnavailable."""
        ...

    async def close(self) -> None: ...
