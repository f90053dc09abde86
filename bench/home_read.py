"""`home-read`: GET /v1/timelines/home, 20 posts, signed in, limits on, 1,000 readers, against a static route."""

import httpx

from bench.machine import Machine, processes
from bench.network import READERS, accounts, sign_in
from bench.report import Row
from bench.serve import STATIC_PATH
from bench.wrk import Load, run_wrk
from rookery.kit.settings import Settings

PATH = "/v1/timelines/home?limit=20"
READER_COUNT, CONNECTIONS, SECONDS, ROUNDS = 1_000, 16, 5, 3
TARGET = 4.0


async def bench_home_read(settings: Settings, pids: list[int]) -> list[Row]:
    readers = await accounts(settings, READERS, READER_COUNT)
    async with processes(settings, pids, static_body=b"{}") as machine:
        body = await _page(machine, (await sign_in(machine.url, readers[:1]))[0])
    async with processes(settings, pids, static_body=body) as machine:
        tokens = await sign_in(machine.url, readers)
        await _warm(machine, tokens)
        static, home = Measured(), Measured()
        for _ in range(ROUNDS):
            await static.add(machine, STATIC_PATH, tokens)
            await home.add(machine, PATH, tokens)
    return [
        Row(
            name="home-read",
            value=home.cpu_us,
            unit="µs CPU",
            yardstick=static.cpu_us,
            ratio=home.cpu_us / static.cpu_us,
            target=TARGET,
            at_most=True,
            cpu_us=home.cpu_us,
            p50_ms=home.loads[-1].p50_ms,
            p99_ms=home.loads[-1].p99_ms,
            note=f"{home.rate:,.0f} requests/s, the static route {static.rate:,.0f}, {len(body):,} bytes each",
        )
    ]


class Measured:
    """Loads of one route, with the CPU time that all processes spent meanwhile."""

    def __init__(self) -> None:
        self.loads: list[Load] = []
        self._cpu_s = 0.0

    async def add(self, machine: Machine, path: str, tokens: list[str]) -> None:
        before = machine.cpu_s()
        load = await run_wrk(machine.url, path, tokens=tokens, connections=CONNECTIONS, seconds=SECONDS)
        self._cpu_s += machine.cpu_s() - before
        if load.errors:
            raise RuntimeError(f"{path}: {load.errors} of {load.requests} requests failed")
        self.loads.append(load)

    @property
    def cpu_us(self) -> float:
        return self._cpu_s * 1e6 / sum(load.requests for load in self.loads)

    @property
    def rate(self) -> float:
        return sum(load.requests for load in self.loads) / sum(load.duration_s for load in self.loads)


async def _page(machine: Machine, token: str) -> bytes:
    async with httpx.AsyncClient(base_url=machine.url) as client:
        answer = await client.get(PATH, headers={"Authorization": f"Bearer {token}"})
        answer.raise_for_status()
        return answer.content


async def _warm(machine: Machine, tokens: list[str]) -> None:
    """The first read of each reader, which builds their timeline."""
    async with httpx.AsyncClient(base_url=machine.url, timeout=30) as client:
        for token in tokens:
            (await client.get(PATH, headers={"Authorization": f"Bearer {token}"})).raise_for_status()
