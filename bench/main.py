"""Runs benchmarks one after the other; those that share the seeded network first, each process fresh."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from traceback import format_exception

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
    """What has come of the benchmarks so far: rows, why some gave none, and the seconds that each took, by name."""

    rows: list[Row] = []
    failures: dict[str, str] = {}
    took_s: dict[str, float] = {}


class _Run:
    """Benchmarks one by one into an outcome, shown as a bar with the step under way."""

    def __init__(self, outcome: Outcome, names: Sequence[str], bar: Progress) -> None:
        self._outcome = outcome
        self._bar = bar
        self._task = bar.add_task("", total=len(names))

    def step(self, text: str) -> None:
        self._bar.update(self._task, description=text)

    async def one(self, name: str, bench: Callable[[], Awaitable[list[Row]]]) -> None:
        """A benchmark that fails is noted with its reason; the next ones go on without it."""
        self.step(name)
        started = time.monotonic()
        try:
            self._outcome.rows += await bench()
        except Exception as error:
            if _is_stopped():
                raise
            self.fail(name, error)
        self._outcome.took_s[name] = time.monotonic() - started
        self._bar.console.print(f"{name} took {self._outcome.took_s[name]:.0f} s", highlight=False)
        self._bar.advance(self._task)

    def fail(self, name: str, error: Exception) -> None:
        reason = str(error) if isinstance(error, BenchError) else f"{type(error).__name__}: {error}"
        self._outcome.failures[name] = reason
        self._bar.console.print(f"{name} failed: {reason}", markup=False, highlight=False)
        if not isinstance(error, BenchError):
            self._bar.console.print("".join(format_exception(error)), markup=False, highlight=False)


async def run(outcome: Outcome, names: Sequence[str], console: Console, *, users_max: int = USERS_MAX) -> None:
    """Run the named benchmarks and put what they say into `outcome`; `users_max` is the largest network of `growth`."""
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console) as bar:
        state = _Run(outcome, names, bar)
        await _on_the_network(state, [name for name in ON_THE_NETWORK if name in names])
        for name in [name for name in ALONE if name in names]:
            step = _prefixed(name, state.step)
            bench = partial(bench_growth, users_max=users_max) if name == "growth" else ALONE[name]
            await state.one(name, partial(bench, step))


async def _on_the_network(state: _Run, names: Sequence[str]) -> None:
    """All of them on one seeded network; without it, all have failed."""
    if not names:
        return
    begun = False
    try:
        async with servers(state.step) as stage:
            await seed(stage)
            begun = True
            for name in names:
                await state.one(name, partial(ON_THE_NETWORK[name], _named(stage, name, state.step)))
    except Exception as error:
        if begun or _is_stopped():
            raise
        for name in names:
            state.fail(name, error)


def _is_stopped() -> bool:
    """Whether this task was cancelled, whatever came of that."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _named(stage: Stage, name: str, step: Step) -> Stage:
    return Stage(stage.environment, stage.settings, stage.pids, _prefixed(name, step))


def _prefixed(name: str, step: Step) -> Step:
    return lambda text: step(f"{name}: {text}")
