"""Load by wrk (Debian's package), bounded in time, on loopback only."""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from bench.children import output_of
from bench.errors import BenchError, MissingToolError

SCRIPT = Path(__file__).with_name("wrk.lua")

Request = tuple[str, str]  # path with query, access token or ""


class Load(Struct, frozen=True):
    """What wrk saw: answers, how many of them were errors, and latencies in milliseconds."""

    requests: int
    errors: int
    duration_s: float
    p50_ms: float
    p99_ms: float

    @property
    def rate(self) -> float:
        return self.requests / self.duration_s


def same_path(path: str, tokens: Sequence[str]) -> list[Request]:
    return [(path, token) for token in tokens]


async def run_wrk(url: str, requests: Sequence[Request], *, connections: int, seconds: int, body: str = "") -> Load:
    """`requests` in turn, again and again for some seconds; with a `body`, POSTs of JSON.

    `%d` in the body becomes a running number. Raises MissingToolError, and BenchError when wrk or a request fails.
    """
    program = shutil.which("wrk")
    if program is None:
        raise MissingToolError("wrk is not installed: on Debian and Ubuntu `apt-get install wrk`")
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(f"{path} {token}" for path, token in requests))
        file.flush()
        command = [program, "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", str(SCRIPT), url]
        _, output = await output_of([*command, "--", file.name, body])
    load = _parse(output)
    if load.errors or not load.requests:
        raise BenchError(f"{requests[0][0]}: {load.errors} of {load.requests} requests failed")
    return load


def _parse(output: str) -> Load:
    for line in output.splitlines():
        if line.startswith("{"):
            return msgspec.json.decode(line, type=Load)
    raise BenchError(f"wrk said: {output[-500:]}")
