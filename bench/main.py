"""Runs benchmarks one after the other on the same freshly seeded servers."""

from collections.abc import Awaitable, Callable, Sequence

from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bench.fan_out import bench_fan_out
from bench.home_read import bench_home_read
from bench.machine import servers
from bench.network import seed
from bench.post_create import bench_post_create
from bench.report import Row
from rookery.kit.settings import Settings

Bench = Callable[[Settings, list[int]], Awaitable[list[Row]]]

BENCHES: dict[str, Bench] = {
    "home-read": bench_home_read,
    "post-create": bench_post_create,
    "fan-out": bench_fan_out,
}


async def run(names: Sequence[str]) -> list[Row]:
    rows: list[Row] = []
    with Progress(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()) as bar:
        task = bar.add_task("starting servers and seeding", total=None)
        async with servers() as (settings, pids):
            await seed(settings)
            for name in names:
                bar.update(task, description=name)
                rows += await BENCHES[name](settings, pids)
    return rows
