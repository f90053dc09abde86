"""A Rookery for the benchmarks: fresh data, the real processes, everything on loopback."""

import asyncio
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from msgspec import Struct

from bench import accounting
from bench.children import Process, end, spawn, to_the_end
from bench.errors import BenchError
from rookery.embedded.postgres import Postgres
from rookery.embedded.server import Server
from rookery.embedded.valkey import Valkey
from rookery.kit.migrate import migrate
from rookery.kit.settings import Settings, load_settings

ROOT = Path(__file__).parents[1]
START_S = 30.0
UNLIMITED = "1000000000/1"  # the buckets are asked, as in production, and never empty
VALKEY_MEMORY = "8gb"  # nothing may be thrown out under measurement

ENVIRONMENT = {
    "ROOKERY_RATE_LIMITS": "true",
    **{f"ROOKERY_RATE_LIMIT_{name}": UNLIMITED for name in ("SIGN_UP", "SIGN_IN", "WRITES", "READS", "SEARCH")},
    "ROOKERY_ARGON2_TIME_COST": "1",
    "ROOKERY_ARGON2_MEMORY_KIB": "64",
    "ROOKERY_FANOUT_THRESHOLD": "10000000",
    "ROOKERY_ACCESS_TOKEN_TTL_S": "7200",
    "ROOKERY_LOG_LEVEL": "warning",
    "ROOKERY_SECRET_KEY": "benchmarks-only-" * 4,
}

Step = Callable[[str], None]


class Stage(Struct, frozen=True):
    """Running servers. `pids` are those of PostgreSQL and Valkey; `step` tells what goes on."""

    environment: Mapping[str, str]
    settings: Settings
    pids: list[int]
    step: Step


class Machine(Struct, frozen=True):
    """The processes of Rookery on a stage."""

    url: str
    serve_pid: int
    pids: list[int]

    def cpu_s(self) -> float:
        """Seconds of server, worker, Valkey and PostgreSQL so far."""
        return accounting.cpu_s(self.pids)


@asynccontextmanager
async def servers(step: Step) -> AsyncIterator[Stage]:
    """PostgreSQL (durable) and Valkey with migrated, empty data."""
    step("starting PostgreSQL and Valkey")
    with tempfile.TemporaryDirectory(prefix="rookery-bench-") as folder:
        Path(folder).chmod(0o755)
        postgres, valkey = Postgres(Path(folder)), Valkey(Path(folder), settings={"maxmemory": VALKEY_MEMORY})
        try:
            await postgres.start()
            await valkey.start()
            await migrate(postgres.url)
            environment = _environment(postgres.url, valkey.url, folder)
            pids = [pid for pid in (postgres.pid, valkey.pid) if pid]
            yield Stage(environment, load_settings(environment), pids, step)
        finally:
            await to_the_end(_stop(valkey, postgres))


async def _stop(*servers: Server) -> None:
    for server in servers:
        await server.stop()
        shutil.rmtree(server.socket_folder, ignore_errors=True)  # may lie elsewhere, where the path would be too long


def _environment(database_url: str, cache_url: str, folder: str) -> dict[str, str]:
    """What our processes inherit: nothing that the person at the terminal has set for Rookery."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ROOKERY_")}
    urls = {"ROOKERY_DATABASE_URL": database_url, "ROOKERY_CACHE_URL": cache_url}
    return inherited | ENVIRONMENT | urls | {"ROOKERY_PORT": str(free_port()), "ROOKERY_MAIL_DIR": f"{folder}/mail"}


@asynccontextmanager
async def processes(stage: Stage, *, static_body: bytes = b"{}") -> AsyncIterator[Machine]:
    """Web server (with the yardsticks of `bench.serve`) and worker on the stage."""
    with tempfile.NamedTemporaryFile() as body:
        Path(body.name).write_bytes(static_body)
        environment = {**stage.environment, "ROOKERY_BENCH_STATIC": body.name}
        running: list[Process] = []
        try:
            running.append(serve := await start("bench.serve", environment))
            running.append(work := await start("rookery", environment, "work"))
            url = f"http://127.0.0.1:{stage.settings.port}"
            await ready(url)
            yield Machine(url, serve.pid, [serve.pid, work.pid, *stage.pids])
        finally:
            await asyncio.gather(*(end(process) for process in running))


async def start(module: str, environment: Mapping[str, str], *arguments: str, pipes: bool = False) -> Process:
    """`python -m module`; with `pipes`, its standard input and output are ours."""
    argv, environment = [sys.executable, "-m", module, *arguments], {**environment, "PYTHONPATH": str(ROOT)}
    if pipes:
        return await spawn(argv, environment, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
    return await spawn(argv, environment)


async def ready(url: str) -> None:
    """Return once `/readyz` says 200. Raises BenchError when that takes longer than START_S."""
    try:
        async with asyncio.timeout(START_S), httpx.AsyncClient() as client:
            while not await _is_ready(client, url):
                await asyncio.sleep(0.05)
    except TimeoutError as error:
        raise BenchError(f"the server was not ready within {START_S:.0f} s") from error


async def _is_ready(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(f"{url}/readyz")).status_code == 200
    except httpx.TransportError:
        return False


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
