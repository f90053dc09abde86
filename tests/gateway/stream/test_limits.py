"""How much one client may take."""

import contextlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio
import websockets

from rookery.gateway.stream.limits import Census, MessageRate, StreamLimits
from rookery.gateway.stream.protocol import Closed
from rookery.gateway.wiring import Services
from rookery.gateway.worker import Worker
from rookery.kit.problems import RateLimited, Unavailable
from rookery.kit.settings import Settings
from tests.gateway.stream.clients import StreamClient, running_server
from tests.people import Person


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def strict_url(settings: Settings, services: Services, worker: Worker) -> AsyncIterator[str]:
    """A server with its limits on."""
    async with running_server(settings, rate_limits="true") as url:
        yield url


async def test_connections_of_one_account(ana: Person, ben: Person, strict_url: str) -> None:
    async with AsyncExitStack() as stack:
        for _ in range(StreamLimits().connections_per_user):
            await stack.enter_async_context(await StreamClient.connect(strict_url, ana.token))
        async with await StreamClient.connect(strict_url) as one_more:
            await one_more.send(type="auth", token=ana.token)
            assert await one_more.closed() == 4429
        await stack.enter_async_context(await StreamClient.connect(strict_url, ben.token))


async def test_messages_that_come_too_fast(ana: Person, strict_url: str) -> None:
    async with await StreamClient.connect(strict_url, ana.token) as client:
        with contextlib.suppress(websockets.ConnectionClosed):
            for _ in range(StreamLimits().messages_burst * 10):
                # Each answer is read before the next goes out: what lies unread at the server when it closes would
                # reset the connection, and the close code with it.
                await client.send(type="ping")
                await client.next()
        assert await client.closed() == 4429


def test_the_census_counts_out_too() -> None:
    census = Census(StreamLimits(connections=3, connections_per_address=2))
    census.enter("a")
    census.enter("a")
    with pytest.raises(RateLimited):
        census.enter("a")
    census.enter("b")
    with pytest.raises(Unavailable):
        census.enter("c")
    census.leave("a")
    census.enter("c")
    assert census.total == 3


def test_the_rate_refills_up_to_the_burst() -> None:
    rate = MessageRate(StreamLimits(messages_burst=2, messages_per_s=1.0), now=0.0)
    rate.spend(0.0)
    rate.spend(0.0)
    with pytest.raises(Closed):
        rate.spend(0.0)
    rate = MessageRate(StreamLimits(messages_burst=2, messages_per_s=1.0), now=0.0)
    for now in (100.0, 100.0, 101.0):
        rate.spend(now)
    with pytest.raises(Closed):
        rate.spend(101.0)
