"""What is hot is looked up once a minute; each test begins with a look of its own."""

from collections.abc import Awaitable, Callable

import pytest

from rookery.gateway.wiring import Services
from tests.timelines.ranking.pages import Settle


@pytest.fixture
def look_again(services: Services, settle: Settle) -> Callable[[], Awaitable[None]]:
    """Let the consumers finish, and forget what may be a minute old."""

    async def look() -> None:
        await settle()
        services.timelines.for_you.forget()

    return look
