"""Uploading, and waiting until the worker is done with it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from rookery.gateway.wiring import Services
from rookery.gateway.worker import Worker
from rookery.media.service import Media
from tests.people import Person, ok

Processed = Callable[[Person, dict[str, Any]], Awaitable[dict[str, Any]]]
WAIT_S = 60


@pytest.fixture
def media(services: Services) -> Media:
    return services.media


@pytest.fixture
def processed(worker: Worker) -> Processed:
    """The upload when it is ready or failed."""

    async def wait(person: Person, upload: dict[str, Any]) -> dict[str, Any]:
        async with asyncio.timeout(WAIT_S):
            while True:
                now: dict[str, Any] = await person.get(f"/v1/media/{upload['id']}")
                if now["state"] in ("ready", "failed"):
                    return now
                await asyncio.sleep(0.05)

    return wait


@pytest.fixture
def ready(processed: Processed) -> Callable[..., Awaitable[dict[str, Any]]]:
    """Upload, and wait until it is ready."""

    async def upload_and_wait(person: Person, content: bytes, **fields: str) -> dict[str, Any]:
        done = await processed(person, await upload(person, content, **fields))
        assert done["state"] == "ready", done
        return done

    return upload_and_wait


async def upload(person: Person, content: bytes, **fields: str) -> dict[str, Any]:
    files = {"file": ("a file.bin", content, "application/octet-stream")}
    answer = await person.request("POST", "/v1/media", files=files, data=fields)
    assert answer.status_code == 202, answer.text
    body: dict[str, Any] = ok(answer)
    return body
