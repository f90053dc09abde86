"""A server process beside the application under test, and clients of its stream."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
import pytest_asyncio

from rookery.gateway.wiring import Services
from rookery.gateway.worker import Worker
from rookery.kit.settings import Settings
from tests.gateway.stream.clients import StreamClient, running_server
from tests.people import Person

Connect = Callable[..., Awaitable[StreamClient]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stream_url(settings: Settings, services: Services, worker: Worker) -> AsyncIterator[str]:
    async with running_server(settings) as url:
        yield url


@pytest.fixture
async def connect(stream_url: str) -> AsyncIterator[Connect]:
    """`connect(person, *channels, after=None)`: signed in, and subscribed when there are channels."""
    async with AsyncExitStack() as stack:

        async def connect(person: Person, *channels: str, after: str | None = None, **options: Any) -> StreamClient:
            client = await StreamClient.connect(stream_url, person.token, **options)
            await stack.enter_async_context(client)
            if channels:
                await client.subscribe(*channels, after=after)
            return client

        yield connect
