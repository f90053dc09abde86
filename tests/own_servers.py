"""Servers that one test has to itself, to take down."""

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from rookery.embedded.valkey import Valkey


@asynccontextmanager
async def own_valkey() -> AsyncIterator[Valkey]:
    """A running Valkey that nobody else uses; stop and start it as you like."""
    folder = Path(tempfile.mkdtemp(prefix="rookery-"))  # short, for the path of its socket
    folder.chmod(0o755)
    server = Valkey(folder)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()
        shutil.rmtree(folder)
