"""Runs benchmarks one after the other; those that share the seeded network first, each process fresh."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from msgspec import Struct
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bench.errors import BenchError
from bench.fan_out import bench_fan_out
from bench.for_you import bench_for_you
from bench.growth import USERS_MAX, bench_growth
from bench.home_read import bench_home_read
from bench.home_rebuild import bench_home_rebuild
from bench.home_scroll import bench_home_scroll
from bench.live import bench_live
from bench.machine import Stage, Step, servers
from bench.memory import bench_memory
from bench.network import seed
from bench.post_create import bench_post_create
from bench.report import Row
from bench.search import bench_search
from bench.start import bench_start

ON_THE_NETWORK: dict[str, Callable[[Stage], Awaitable[list[Row]]]] = {
    "home-read": bench_home_read,
    "home-scroll": bench_home_scroll,
    "home-rebuild": bench_home_rebuild,
    "post-create": bench_post_create,
    "for-you": bench_for_you,
    "live": bench_live,
}
ALONE: dict[str, Callable[[Step], Awaitable[list[Row]]]] = {
    "fan-out": bench_fan_out,
    "memory": bench_memory,
    "growth": bench_growth,
    "start": bench_start,
    "search": bench_search,
}


class Outcome(Struct):
    """Rows of the benchmarks that ran, and why others did not, by name."""

    rows: list[Row]
    failures: dict[str, str]


class _Run:
    """What has been done so far, shown as a bar with the step under way."""

    def __init__(self, names: Sequence[str], bar: Progress) -> None:
        self.outcome = Outcome([], {})
        self._bar = bar
        self._task = bar.add_task("", total=len(names))

    def step(self, text: str) -> None:
        self._bar.update(self._task, description=text)

    async def one(self, name: str, bench: Callable[[], Awaitable[list[Row]]]) -> None:
        self.step(name)
        try:
            self.outcome.rows += await bench()
        except BenchError as error:
            self.outcome.failures[name] = str(error)
        self._bar.advance(self._task)


async def run(names: Sequence[str], console: Console, *, users_max: int = USERS_MAX) -> Outcome:
    """The named benchmarks; `users_max` is the largest network of `growth`."""
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console) as bar:
        state = _Run(names, bar)
        shared = [name for name in ON_THE_NETWORK if name in names]
        if shared:
            async with servers(state.step) as stage:
                await seed(stage)
                for name in shared:
                    await state.one(name, partial(ON_THE_NETWORK[name], _named(stage, name, state.step)))
        for name in [name for name in ALONE if name in names]:
            step = _prefixed(name, state.step)
            bench = partial(bench_growth, users_max=users_max) if name == "growth" else ALONE[name]
            await state.one(name, partial(bench, step))
    return state.outcome


def _named(stage: Stage, name: str, step: Step) -> Stage:
    return Stage(stage.environment, stage.settings, stage.pids, _prefixed(name, step))


def _prefixed(name: str, step: Step) -> Step:
    return lambda text: step(f"{name}: {text}")
