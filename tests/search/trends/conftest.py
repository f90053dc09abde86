"""Trends of a test: accounts of today count here, and jobs run when a test says so."""

from collections.abc import Awaitable, Callable

import pytest

from rookery.gateway.wiring import Services
from rookery.kit.ids import wall_clock_ms
from rookery.search.trends.burst import PERIODS
from rookery.search.trends.computing import compute as compute_trends

Settle = Callable[[], Awaitable[None]]
Compute = Callable[[], Awaitable[None]]


@pytest.fixture(autouse=True)
async def clean_slate(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is room for 25 trends, which those of other tests would take."""
    monkeypatch.setattr(services.trends.noting, "account_age_ms", 0)
    await services.trends.repository.forget_uses()


@pytest.fixture
def compute(services: Services, settle: Settle) -> Compute:
    """Let the consumers finish, then compute both windows."""

    async def run() -> None:
        await settle()
        for period in PERIODS:
            await compute_trends(services.trends.repository, period, wall_clock_ms())

    return run
