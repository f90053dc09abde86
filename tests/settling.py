"""Waiting for consumers: tests look at what has become of an act only once every group has handled it."""

import asyncio

from rookery.gateway.worker import Worker
from rookery.kit.resources import Resources

SETTLE_S = 30.0


async def settled(worker: Worker) -> None:
    """Return when no consumer group has anything left to do. Raises TimeoutError after SETTLE_S."""
    async with asyncio.timeout(SETTLE_S):
        while await worker.lag():
            await asyncio.sleep(0.01)


async def heard(resources: Resources) -> None:
    """Return when the local caches of these resources have heard of every change published until now."""
    await resources.cache.execute("PING")  # publications come over the same connection, in order
