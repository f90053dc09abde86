"""Servers that the edge's tests may take down."""

import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from rookery.embedded.valkey import Valkey


@pytest.fixture
async def own_valkey() -> AsyncIterator[Valkey]:
    """A Valkey that nobody else uses."""
    folder = Path(tempfile.mkdtemp(prefix="rookery-"))
    folder.chmod(0o755)
    server = Valkey(folder)
    await server.start()
    yield server
    await server.stop()
    shutil.rmtree(folder)
