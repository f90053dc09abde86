"""Waiting for consumers: tests look at what has become of an act only once every group has handled it."""

import asyncio

from rookery.gateway.worker import Worker

SETTLE_S = 30.0


async def settled(worker: Worker) -> None:
    """Return when no consumer group has anything left to do. Raises TimeoutError after SETTLE_S."""
    async with asyncio.timeout(SETTLE_S):
        while await worker.lag():
            await asyncio.sleep(0.01)
