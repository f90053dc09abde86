"""`home-read`: GET /v1/timelines/home, 20 posts, signed in, limits on, 1,000 readers, against a static route."""

from msgspec import Struct

from bench.machine import Stage, processes
from bench.measured import Measured, alternate, cpu_row
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
        static, home = (
            Measured(same_path(path, tokens), connections=CONNECTIONS, seconds=size.seconds)
            for path in (STATIC_PATH, PATH)
        )
        await alternate(machine, size.rounds, [static, home], stage.step)
    note = (
        f"{home.rate:,.0f} requests/s, the static route {static.rate:,.0f}, {len(body):,} bytes each; "
        f"{home.cpu_us:.0f} µs of CPU a request, wanted: at most {CPU_US_WANTED}"
    )
    return [cpu_row("home-read", home, static, target=TARGET, note=note)]
