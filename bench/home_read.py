"""`home-read`: GET /v1/timelines/home, 20 posts, signed in, limits on, 1,000 readers, against a static route."""

from msgspec import Struct

from bench.machine import Machine, Stage, processes
from bench.measured import Measured
from bench.network import READERS, accounts, sign_in, visit
from bench.report import Row
from bench.serve import STATIC_PATH
from bench.wrk import same_path

PATH = "/v1/timelines/home?limit=20"
CONNECTIONS = 16
TARGET, CPU_US_WANTED = 1.8, 150


class Size(Struct, frozen=True):
    readers: int = 1_000
    seconds: int = 4
    rounds: int = 4


USUAL = Size()


async def bench_home_read(stage: Stage, size: Size = USUAL) -> list[Row]:
    readers = await accounts(stage.settings, READERS, size.readers)
    async with processes(stage) as machine:
        body = await visit(machine.url, PATH, await sign_in(machine.url, readers[:1]))
    async with processes(stage, static_body=body) as machine:
        stage.step(f"{len(readers):,} readers sign in and build their timelines")
        tokens = await sign_in(machine.url, readers)
        await visit(machine.url, PATH, tokens)
        static, home = await _alternate(stage, machine, tokens, size)
    return [
        Row(
            name="home-read",
            value=home.cpu_us,
            unit="µs CPU",
            yardstick=static.cpu_us,
            ratio=home.cpu_us / static.cpu_us,
            target=TARGET,
            cpu_us=home.cpu_us,
            p50_ms=home.p50_ms,
            p99_ms=home.p99_ms,
            note=f"{home.rate:,.0f} requests/s, the static route {static.rate:,.0f}, {len(body):,} bytes each; "
            f"{home.cpu_us:.0f} µs of CPU a request, wanted: at most {CPU_US_WANTED}",
        )
    ]


async def _alternate(stage: Stage, machine: Machine, tokens: list[str], size: Size) -> tuple[Measured, Measured]:
    static = Measured(same_path(STATIC_PATH, tokens), connections=CONNECTIONS, seconds=size.seconds)
    home = Measured(same_path(PATH, tokens), connections=CONNECTIONS, seconds=size.seconds)
    for number in range(size.rounds):
        stage.step(f"round {number + 1} of {size.rounds}")
        await static.add(machine)
        await home.add(machine)
    return static, home
