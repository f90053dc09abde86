"""The fan-out consumer in a process of its own: the real handler, fed line by line, so that its memory can be watched.

Reads one author's id a line; answers with a line of JSON when the post's entry stands in every timeline.
"""

import asyncio
import resource
import sys
import time

import msgspec
from msgspec import Struct

from rookery.contracts.consumers import Handler
from rookery.contracts.events import PostCreated
from rookery.gateway.wiring import Services
from rookery.kit.ids import id_ms
from rookery.kit.settings import load_settings

GROUP = "timelines.fan-out"


class Pushed(Struct):
    """`peak_bytes`: the most memory that was ever resident in this process."""

    seconds: float
    entry_ms: int
    peak_bytes: int


async def main() -> None:
    services = Services(load_settings())
    await services.open()
    handle = fan_out_handler(services)
    try:
        while line := await asyncio.to_thread(sys.stdin.readline):
            post_id = services.resources.ids.next()
            started = time.perf_counter()
            await handle([PostCreated(event_id=post_id, post_id=post_id, author_id=int(line), conversation_id=post_id)])
            pushed = Pushed(time.perf_counter() - started, id_ms(post_id), peak_bytes())
            print(msgspec.json.encode(pushed).decode(), flush=True)
    finally:
        await services.close()


def peak_bytes() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def fan_out_handler(services: Services) -> Handler:
    return next(each.handle for each in services.subscriptions() if each.group == GROUP)


if __name__ == "__main__":
    import uvloop

    uvloop.run(main())
