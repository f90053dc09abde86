"""A whole Rookery for the fault tests: PostgreSQL, Valkey, server and worker as processes that a test may kill."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import httpx

from rookery.embedded.postgres import Postgres
from rookery.embedded.program import Program
from rookery.embedded.valkey import Valkey
from rookery.kit.database import Connection
from rookery.kit.migrate import migrate

# Far longer than anything takes on a busy machine, and far shorter than what would hide a lost wake-up or invalidation
# behind an expiry (local caches believe an entry for 60 s).
PATIENCE_S = 40.0
POLL_S = 0.02
# The server's own limit for a request, and what a client may then measure at most on a busy machine.
REQUEST_TIMEOUT_S = 4.0
ANSWER_MAX_S = 10.0

ERROR_MARK = '"level":"error"'
KAFKA_CLIENT = '"logger":"aiokafka'  # calls an error what we handle, such as a broker without producer ids

UNLIMITED = "1000000000/1"  # the buckets are asked, as in production, and never empty

ENVIRONMENT = {
    **{f"ROOKERY_RATE_LIMIT_{name}": UNLIMITED for name in ("SIGN_UP", "SIGN_IN", "WRITES", "READS", "SEARCH")},
    "ROOKERY_REQUEST_TIMEOUT_S": str(REQUEST_TIMEOUT_S),
    "ROOKERY_ARGON2_TIME_COST": "1",
    "ROOKERY_ARGON2_MEMORY_KIB": "64",
    "ROOKERY_SECRET_KEY": "fault-tests-only-" * 3,
    "ROOKERY_DATABASE_POOL_SIZE": "10",
    "ROOKERY_LOG_LEVEL": "info",
    "ROOKERY_LINK_CARDS": "false",  # no test asks the world
    "PYTHONUNBUFFERED": "1",
}


class Machine:
    """The processes. `kill` is SIGKILL to a program as a crash would have it: its supervisor then ends what is left."""

    def __init__(self, var: Path) -> None:
        self.postgres = Postgres(var, durable=False)
        self.valkey = Valkey(var)
        self.url = f"http://127.0.0.1:{_free_port()}"
        self.client = httpx.AsyncClient(base_url=self.url, timeout=2 * ANSWER_MAX_S)
        self.bus_url = ""  # what the next start of the worker is told
        self._read: dict[str, int] = {}  # bytes of logs, by the program's name
        self._mail_dir = var / "mail"
        self.serve = self._program("serve", var)
        self.work = self._program("work", var)

    def environment(self) -> dict[str, str]:
        """What our programs are told; nothing is inherited but the search path."""
        port = self.url.rpartition(":")[2]
        return {
            **ENVIRONMENT,
            "PATH": os.environ.get("PATH", os.defpath),
            "ROOKERY_DATABASE_URL": self.postgres.url,
            "ROOKERY_CACHE_URL": self.valkey.url,
            "ROOKERY_BUS_URL": self.bus_url,
            "ROOKERY_MAIL_DIR": str(self._mail_dir),
            "ROOKERY_MEDIA_DIR": str(self._mail_dir.with_name("media")),
            "ROOKERY_PUBLIC_URL": self.url,
            "ROOKERY_PORT": port,
        }

    async def start(self) -> None:
        await self.postgres.start()
        await self.valkey.start()
        await migrate(self.postgres.url)
        await self.serve.start()
        await self.work.start()
        await self.until_ready()

    async def stop(self) -> None:
        await self.client.aclose()
        for part in (self.serve, self.work, self.valkey, self.postgres):
            await part.stop()

    async def until_ready(self) -> None:
        async def ready() -> bool:
            try:
                return bool((await self.client.get("/readyz")).json().get("status") == "ready")
            except httpx.TransportError:
                return False

        await until(ready)

    @asynccontextmanager
    async def database(self) -> AsyncIterator[Connection]:
        """A connection of the test's own."""
        connection = await asyncpg.connect(self.postgres.url)
        try:
            yield connection
        finally:
            await connection.close()

    def errors(self) -> list[str]:
        """What server and worker logged as errors: faults of ours; a part that is away is only a warning."""
        texts = [part.log.read_bytes()[self._read.get(part.name, 0) :].decode() for part in (self.serve, self.work)]
        lines = [line for text in texts for line in text.splitlines() if KAFKA_CLIENT not in line]
        return [line for line in lines if ERROR_MARK in line or line.startswith("Traceback")]

    def forget_errors(self) -> None:
        """Those that were logged so far were another test's."""
        self._read = {part.name: part.log.stat().st_size for part in (self.serve, self.work)}

    def _program(self, name: str, var: Path) -> Program:
        argv = [sys.executable, "-m", "rookery", name]
        return Program(name, argv, var / "log" / f"{name}.log", self.environment)


async def kill(part: Program | Postgres | Valkey) -> None:
    """SIGKILL to the process that a supervisor watches, and what it does about the rest of its session."""
    assert part.pid is not None, f"{part.name} does not run"
    os.kill(part.pid, signal.SIGKILL)
    await part.wait()


async def until(condition: Callable[[], Awaitable[object]]) -> None:
    """Raises TimeoutError after PATIENCE_S."""
    async with asyncio.timeout(PATIENCE_S):
        while not await condition():
            await asyncio.sleep(POLL_S)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
