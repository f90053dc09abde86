"""A group member in a process of its own, to be killed: prints each record's value, and does not commit unless told to.

python -m tests.kit.bus.member <log|kafka> <url> <group> <topic> <commit|hold>
"""

import asyncio
import sys

from rookery.kit.bus import Bus, LogBus
from rookery.kit.bus.kafka import KafkaBus
from tests.kit.bus.harness import KAFKA_SESSION_TIMEOUT_S


def make_bus(adapter: str, url: str) -> Bus:
    return LogBus(url) if adapter == "log" else KafkaBus(url, session_timeout_s=KAFKA_SESSION_TIMEOUT_S)


async def main(adapter: str, url: str, group: str, topic: str, mode: str) -> None:
    consumer = await make_bus(adapter, url).open(group, [topic])
    print("joined", flush=True)
    while True:
        records = await consumer.batch(100, 1.0)
        for record in records:
            print(record.value.decode(), flush=True)
        if records and mode == "commit":
            await consumer.commit(records)
            print("committed", flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
