"""`start`: `rookery up` from a warm disk to the first served page, and the memory of everything when idle."""

import asyncio
import os
import signal
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import httpx
from msgspec import Struct

from bench import accounting
from bench.accounting import MIB, Memory
from bench.children import Process, end, spawn
from bench.errors import BenchError
from bench.machine import Step, free_port
from bench.report import Row
from rookery.embedded.machine import web_build

WANTED_S, WANTED_MIB = 5.0, 300.0
LIMIT_S = 60.0
STOP_S = 20.0


class Size(Struct, frozen=True):
    rounds: int = 3
    idle_s: float = 5.0


USUAL = Size()


async def bench_start(step: Step, size: Size = USUAL) -> list[Row]:
    built = (web_build(os.environ) / "index.html").is_file()
    with tempfile.TemporaryDirectory(prefix="rookery-bench-") as folder:
        Path(folder).chmod(0o755)
        step("making the data")
        await _run(Path(folder), web=built, idle_s=0)
        runs = []
        for number in range(size.rounds):
            step(f"round {number + 1} of {size.rounds}")
            runs.append(await _run(Path(folder), web=built, idle_s=size.idle_s))
    seconds = median(seconds for seconds, _ in runs)
    memory = runs[-1][1]
    page = "the web app's page" if built else "the health of the API; the web app is not built (`make up`)"
    return [
        Row(
            name="start",
            value=seconds,
            unit="s",
            target=WANTED_S,
            judges_value=True,
            orientation=True,
            note=f"`rookery up` with its data there to {page}, median of {size.rounds}",
        ),
        Row(
            name="start/memory",
            value=memory.pss / MIB,
            unit="MiB",
            target=WANTED_MIB,
            judges_value=True,
            note=f"proportional set size of all processes after {size.idle_s:.0f} s idle; the sum of resident sizes, "
            f"which counts shared pages for each: {memory.rss / MIB:.0f} MiB",
        ),
    ]


async def _run(var: Path, *, web: bool, idle_s: float) -> tuple[float, Memory]:
    """Seconds to the first page, and memory after `idle_s`."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ROOKERY_")}
    options = ["--var", str(var), "--port", str(port), *([] if web else ["--no-web"])]
    started = time.perf_counter()
    with (var / "up.log").open("wb") as log:
        process = await spawn([sys.executable, "-m", "rookery", "up", *options], environment, stdout=log, stderr=log)
    try:
        await _first_page(process, f"http://127.0.0.1:{port}{'/' if web else '/healthz'}")
        seconds = time.perf_counter() - started
        await asyncio.sleep(idle_s)
        return seconds, accounting.memory([process.pid])
    finally:
        await end(process, ask=signal.SIGINT, grace_s=STOP_S)


async def _first_page(process: Process, url: str) -> None:
    deadline = time.monotonic() + LIMIT_S
    async with httpx.AsyncClient(timeout=2) as client:
        while time.monotonic() < deadline and process.returncode is None:
            try:
                if (await client.get(url)).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.01)
    raise BenchError(f"`rookery up` served no page within {LIMIT_S:.0f} s")
