"""A Rookery for the benchmarks: fresh data, the real processes, and their CPU time by the system's accounts."""

import asyncio
import os
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import psutil

from rookery.embedded.postgres import Postgres
from rookery.embedded.valkey import Valkey
from rookery.kit.migrate import migrate
from rookery.kit.settings import Settings, load_settings

START_S = 30.0
UNLIMITED = "1000000000/1"  # the buckets are asked, as in production, and never empty

ENVIRONMENT = {
    "ROOKERY_RATE_LIMITS": "true",
    **{f"ROOKERY_RATE_LIMIT_{name}": UNLIMITED for name in ("SIGN_UP", "SIGN_IN", "WRITES", "READS", "SEARCH")},
    "ROOKERY_ARGON2_TIME_COST": "1",
    "ROOKERY_ARGON2_MEMORY_KIB": "64",
    "ROOKERY_FANOUT_THRESHOLD": "10000000",
    "ROOKERY_LOG_LEVEL": "warning",
}


class Machine:
    """The running processes. `cpu_s()` is what they have used so far, all together."""

    def __init__(self, url: str, settings: Settings, processes: list[psutil.Process]) -> None:
        self.url = url
        self.settings = settings
        self._processes = processes

    def cpu_s(self) -> float:
        """User and system seconds of server, worker, Valkey and PostgreSQL, children (ended ones too) included."""
        return sum(cpu_s_of(process) for process in self._processes)


def cpu_s_of(process: psutil.Process) -> float:
    """Seconds of a process and of all that it started."""
    total = 0.0
    for each in [process, *process.children(recursive=True)]:
        try:
            times = each.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
        if hasattr(times, "children_user"):
            total += times.children_user + times.children_system
    return total


@asynccontextmanager
async def servers() -> AsyncIterator[tuple[Settings, list[int]]]:
    """PostgreSQL (durable) and Valkey with migrated, empty data; yields settings and the process ids."""
    with tempfile.TemporaryDirectory(prefix="rookery-bench-") as folder:
        Path(folder).chmod(0o755)
        postgres, valkey = Postgres(Path(folder)), Valkey(Path(folder))
        await postgres.start()
        await valkey.start()
        try:
            environment = {**ENVIRONMENT, "ROOKERY_SECRET_KEY": "benchmarks-only-" * 4}
            environment |= {"ROOKERY_DATABASE_URL": postgres.url, "ROOKERY_CACHE_URL": valkey.url}
            environment |= {"ROOKERY_PORT": str(_free_port()), "ROOKERY_MAIL_DIR": f"{folder}/mail"}
            os.environ.update(environment)
            await migrate(postgres.url)
            yield load_settings(), [pid for pid in (postgres.pid, valkey.pid) if pid]
        finally:
            await valkey.stop()
            await postgres.stop()


@asynccontextmanager
async def processes(settings: Settings, server_pids: list[int], *, static_body: bytes) -> AsyncIterator[Machine]:
    """Web server (with the static yardstick at STATIC_PATH) and worker beside the given servers."""
    with tempfile.NamedTemporaryFile() as body:
        Path(body.name).write_bytes(static_body)
        environment = {**os.environ, "ROOKERY_BENCH_STATIC": body.name}
        serve = await _start("bench.serve", environment)
        work = await _start("rookery", environment, "work")
        url = f"http://127.0.0.1:{settings.port}"
        try:
            await _ready(url)
            pids = [serve.pid, work.pid, *server_pids]
            yield Machine(url, settings, [psutil.Process(pid) for pid in pids])
        finally:
            for process in (serve, work):
                process.terminate()
            await asyncio.gather(serve.wait(), work.wait())


async def _start(module: str, environment: Mapping[str, str], *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(sys.executable, "-m", module, *arguments, env=environment)


async def _ready(url: str) -> None:
    async with asyncio.timeout(START_S), httpx.AsyncClient() as client:
        while True:
            try:
                if (await client.get(f"{url}/readyz")).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
