"""Valkey as a child."""

import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from rookery.embedded.errors import EmbeddedError
from rookery.embedded.valkey import MAXMEMORY_VARIABLE, Valkey
from tests.embedded.fakes import alive


@pytest_asyncio.fixture
async def server(var: Path) -> AsyncIterator[Valkey]:
    server = Valkey(var)
    yield server
    await server.stop()


async def test_it_comes_back_after_a_kill(server: Valkey) -> None:
    await server.start()
    pid = server.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert await server.wait() == -signal.SIGKILL
    assert server.socket.exists() and not await server.healthy()
    await server.start()
    assert await server.healthy() and server.pid != pid


async def test_a_server_left_behind_is_ended_first(server: Valkey) -> None:
    await server.start()
    left_behind = server.pid
    heir = Valkey(server.var)
    try:
        await heir.start()
        assert await heir.healthy() and not alive(left_behind)
    finally:
        await heir.stop()


async def test_its_socket_is_closed_to_others(server: Valkey) -> None:
    await server.start()
    assert server.socket.stat().st_mode & 0o077 == 0
    assert server.socket_folder.stat().st_mode & 0o077 == 0


async def test_a_wrong_memory_limit_is_reported(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MAXMEMORY_VARIABLE, "plenty")
    with pytest.raises(EmbeddedError, match=r"Valkey did not start: .*argument"):
        await Valkey(var).start()
