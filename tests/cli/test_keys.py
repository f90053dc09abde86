"""`rookery keys`, as a process of its own against a database of its own."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator

import pytest

from rookery.kit.settings import Settings
from tests.own_database import own_database


@pytest.fixture
async def environ(settings: Settings) -> AsyncIterator[dict[str, str]]:
    async with own_database(settings.database_url) as url:
        yield {
            **{name: value for name, value in os.environ.items() if not name.startswith("ROOKERY_")},
            "ROOKERY_DATABASE_URL": url,
            "ROOKERY_CACHE_URL": settings.cache_url,
            "ROOKERY_SECRET_KEY": settings.secret_key,
        }


async def keys(environ: dict[str, str], *arguments: str) -> list[str]:
    """The lines that the command prints; it must succeed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "rookery", "keys", *arguments), stdout=asyncio.subprocess.PIPE, env=environ
    )
    output, _ = await process.communicate()
    assert process.returncode == 0
    return output.decode().splitlines()


async def test_rotate(environ: dict[str, str]) -> None:
    [first] = await keys(environ, "rotate")
    assert "the first key" in first
    [second] = await keys(environ, "rotate")
    assert "when every process knows it" in second
    assert [line.split()[0] for line in await keys(environ, "list")] == [first.split()[0], second.split()[0]]
    [leaked] = await keys(environ, "rotate", "--now")
    [only] = await keys(environ, "list")
    assert only.split()[0] == leaked.split()[0]
