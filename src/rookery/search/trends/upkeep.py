"""The periodic jobs of trends: compute both windows, keep what is noted bounded."""

from typing import Any, Final

from rookery.kit.ids import first_id_at, wall_clock_ms
from rookery.kit.jobs import Job
from rookery.search.trends.burst import DAY, HOUR, PERIODS, Period
from rookery.search.trends.computing import compute
from rookery.search.trends.repository import KEPT_MS, TrendRepository, queries

HOUR_EVERY_S: Final = 60
DAY_EVERY_S: Final = 600
PRUNE_EVERY_S: Final = 600
FADED: Final = 0.005  # authors per period
ROWS_AT_ONCE: Final = 10_000


def jobs(repository: TrendRepository) -> list[Job]:
    def computing(period: Period, every_s: float) -> Job:
        return Job(f"search.trends.{period.window}", every_s, lambda: compute(repository, period, wall_clock_ms()))

    return [
        computing(HOUR, HOUR_EVERY_S),
        computing(DAY, DAY_EVERY_S),
        Job("search.trends.prune", PRUNE_EVERY_S, lambda: prune(repository, wall_clock_ms())),
    ]


async def prune(repository: TrendRepository, now_ms: int) -> None:
    """Take away uses that no period needs any more, and pasts that have faded."""
    await _all(repository, queries.prune_uses, below=first_id_at(now_ms - KEPT_MS))
    for period in PERIODS:
        if (clock := await repository.clock(period)) is not None:
            bounds = {"rolled": clock.rolled, "fade": period.fade, "faded": FADED}
            await _all(repository, queries.prune_pasts, period=period.window, **bounds)


async def _all(repository: TrendRepository, query: Any, **bounds: Any) -> None:
    while await repository.prune(query, max_rows=ROWS_AT_ONCE, **bounds) == ROWS_AT_ONCE:
        pass
