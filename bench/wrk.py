"""Load by wrk (Debian's package), bounded in time, on loopback only."""

import asyncio
import shutil
import tempfile
from pathlib import Path

import msgspec
from msgspec import Struct

SCRIPT = Path(__file__).with_name("wrk.lua")


class MissingToolError(Exception):
    """A program that the benchmarks need is not there; the text says how to get it."""


class Load(Struct, frozen=True):
    """What wrk saw: answers with status 2xx and others, and latencies in milliseconds."""

    requests: int
    errors: int
    duration_s: float
    p50_ms: float
    p99_ms: float

    @property
    def rate(self) -> float:
        return self.requests / self.duration_s


async def run_wrk(url: str, path: str, *, tokens: list[str], connections: int, seconds: int, body: str = "") -> Load:
    """Requests of `path` for some seconds, each with the next of `tokens`; with a `body`, POSTs of JSON.

    `%d` in the body becomes a running number. Raises MissingToolError, and RuntimeError when wrk fails.
    """
    program = shutil.which("wrk")
    if program is None:
        raise MissingToolError("wrk is not installed: on Debian and Ubuntu `apt-get install wrk`")
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(tokens))
        file.flush()
        command = [program, "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", str(SCRIPT), url]
        process = await asyncio.create_subprocess_exec(
            *command, "--", path, file.name, body, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        output, _ = await process.communicate()
    for line in output.decode().splitlines():
        if line.startswith("{"):
            return msgspec.json.decode(line, type=Load)
    raise RuntimeError(f"wrk said: {output.decode()[-500:]}")
