"""A relay in a process of its own, to be killed.

python -m tests.kit.bus.relay_process <dsn> <kafka url> <group> <topic> <stall|run>

`stall` stops for ever between the broker's acknowledgement and the commit of the position, and says "published" then.
"""

import asyncio
import sys
from collections.abc import Sequence

from rookery.kit.bus import DeadLetterTable, LogBus, Message, Record
from rookery.kit.bus.kafka import KafkaPublisher
from rookery.kit.bus.relay import Relay
from rookery.kit.database import Database


class StallingPublisher(KafkaPublisher):
    async def publish(self, messages: Sequence[Message | Record]) -> None:
        await super().publish(messages)
        print("published", len(messages), flush=True)
        await asyncio.Event().wait()


async def main(dsn: str, url: str, group: str, topic: str, mode: str) -> None:
    publisher = (StallingPublisher if mode == "stall" else KafkaPublisher)(url, [topic])
    database = Database(dsn, size=1)
    await database.open()
    await Relay(LogBus(dsn), publisher, [topic], DeadLetterTable(database), group=group).run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
