"""`growth`: CPU of a home read, a post and a rebuild among ever more users, against the same among the fewest."""

from collections.abc import Sequence

from msgspec import Struct

from bench import home_rebuild, post_create
from bench.home_read import CONNECTIONS, PATH
from bench.machine import Stage, Step, processes, servers
from bench.measured import Measured
from bench.network import AUTHORS, READERS, accounts, seed, sign_in, visit
from bench.network import Size as NetworkSize
from bench.report import Row
from bench.wrk import same_path

TARGET = 1.3
POSTS_PER_USER, FOLLOWS_PER_USER = 4, 20
STEPS = (1_000, 10_000, 100_000, 1_000_000)
USERS_MAX = 100_000


class Size(Struct, frozen=True):
    """`readers` follow about 40 accounts, `authors` have about 40 followers, however large the network is."""

    steps: Sequence[int] = STEPS
    readers: int = 100
    authors: int = 50
    seconds: int = 3
    rounds: int = 2
    rebuilds: int = 300


USUAL = Size()


async def bench_growth(step: Step, users_max: int = USERS_MAX, size: Size = USUAL) -> list[Row]:
    rows: list[Row] = []
    for users in [each for each in size.steps if each <= users_max]:
        async with servers(lambda text, users=users: step(f"{users:,} users: {text}")) as stage:  # type: ignore[misc]
            await seed(stage, NetworkSize(users, users * POSTS_PER_USER, users * FOLLOWS_PER_USER))
            rows += await _measure(stage, users, size)
    first = {row.name.removesuffix(f"/{row.size}"): row.value for row in rows if row.size == size.steps[0]}
    return [_judged(row, first[row.name.removesuffix(f"/{row.size}")], size.steps[0]) for row in rows]


async def _measure(stage: Stage, users: int, size: Size) -> list[Row]:
    readers = await accounts(stage.settings, READERS, size.readers)
    authors = await accounts(stage.settings, AUTHORS, size.authors)
    async with processes(stage) as machine:
        tokens = await sign_in(machine.url, readers)
        await visit(machine.url, PATH, tokens)
        read = Measured(same_path(PATH, tokens), connections=CONNECTIONS, seconds=size.seconds)
        writers = await sign_in(machine.url, authors)
        posts, posts_cpu_s = 0, 0.0
        for number in range(size.rounds):
            stage.step(f"round {number + 1} of {size.rounds}")
            await read.add(machine)
            load, cpu_s = await post_create.create(stage, machine, writers, size.seconds)
            posts, posts_cpu_s = posts + load.requests, posts_cpu_s + cpu_s
        stage.step("rebuilds")
        rebuild_size = home_rebuild.Size(rounds=1, cpu_readers=size.rebuilds)
        rebuild = await home_rebuild.measure(stage, machine, readers, rebuild_size)
    return [
        _row("home-read", users, read.cpu_us, read.p50_ms, read.p99_ms),
        _row("post-create", users, posts_cpu_s * 1e6 / posts, load.p50_ms, load.p99_ms),
        _row("home-rebuild", users, rebuild.cpu_us, *home_rebuild.percentiles_ms(rebuild)),
    ]


def _row(name: str, users: int, cpu_us: float, p50_ms: float, p99_ms: float) -> Row:
    return Row(
        name=f"growth/{name}/{users}",
        value=cpu_us,
        unit="µs CPU",
        cpu_us=cpu_us,
        p50_ms=p50_ms,
        p99_ms=p99_ms,
        size=users,
    )


def _judged(row: Row, first: float, users: int) -> Row:
    """Beside the figure of the smallest network, which is not judged itself."""
    row.yardstick, row.ratio = first, row.value / first
    row.target = None if row.size == users else TARGET
    return row
