"""Trends of a test: accounts of today count here, and jobs run when a test says so."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from rookery.gateway.wiring import Services
from rookery.kit.jobs import run_once

Settle = Callable[[], Awaitable[None]]
Compute = Callable[[], Awaitable[None]]


@pytest.fixture(autouse=True)
async def clean_slate(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is room for 25 trends, which those of other tests would take."""
    monkeypatch.setattr(services.trends.noting, "account_age_ms", 0)
    await services.trends.repository.forget_uses()


@pytest.fixture
def compute(services: Services, settle: Settle) -> Compute:
    """Let the consumers finish, then compute both windows, when no worker does."""

    async def run() -> None:
        await settle()
        for job in services.trends.jobs()[:2]:
            while not await run_once(services.resources.database, job):
                await asyncio.sleep(0.01)

    return run
