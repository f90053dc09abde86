"""Works off a queue of addresses in the database politely: so many at once, HOST_FETCHES of them on one host."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Final

from rookery.kit.local_cache import PUBLISH_AT_ONCE, Invalidations
from rookery.media.cards.repository import Claim

HOST_FETCHES: Final = 2
POLL_S: Final = 0.5


async def take_turns(
    claim: Callable[[list[str]], Awaitable[Claim | None]], work: Callable[[Claim], Awaitable[None]], at_once: int
) -> None:
    """For ever: `work` on each that `claim` gives, which is told the hosts that are busy and gives None when nothing is
    due. Ends with the first that either raises; what was under way comes again after its lease."""
    slots = asyncio.Semaphore(at_once)
    hosts: Counter[str] = Counter()

    async def do(claimed: Claim) -> None:
        try:
            await work(claimed)
        finally:
            hosts[claimed.host] -= 1
            if not hosts[claimed.host]:
                del hosts[claimed.host]
            slots.release()

    async with asyncio.TaskGroup() as tasks:
        while True:
            await slots.acquire()
            claimed = await claim([host for host, count in hosts.items() if count >= HOST_FETCHES])
            if claimed is None:
                slots.release()
                await asyncio.sleep(POLL_S)
                continue
            hosts[claimed.host] += 1
            tasks.create_task(do(claimed))


async def tell_posts(invalidations: Invalidations, post_ids: list[int]) -> None:
    """Let whoever keeps these posts in memory load them anew."""
    for start in range(0, len(post_ids), PUBLISH_AT_ONCE):
        await invalidations.publish(*(f"post:{id_}" for id_ in post_ids[start : start + PUBLISH_AT_ONCE]))
