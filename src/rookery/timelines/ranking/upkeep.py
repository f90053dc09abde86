"""Keeps the read models of ranking bounded: what has faded or is too much goes, in small statements."""

from typing import Final

from rookery.kit.ids import first_id_at, wall_clock_ms
from rookery.kit.jobs import Job
from rookery.kit.resources import Resources
from rookery.timelines.ranking.decay import DAY_MS, growth
from rookery.timelines.ranking.repository import fetch, queries
from rookery.timelines.ranking.weights import LIKE

EVERY_S: Final = 3600
FADED: Final = LIKE / 64  # a like of half a year ago
TREND_DAYS: Final = 7
REPLIES_DAYS: Final = 60
SEEN_DAYS: Final = 30
LESS_DAYS: Final = 180
ROWS_AT_ONCE: Final = 5_000


def jobs(resources: Resources) -> list[Job]:
    return [Job("timelines.ranking", EVERY_S, lambda: maintain(resources))]


async def maintain(resources: Resources, *, now_ms: int | None = None) -> None:
    """Take away what a ranking would hardly notice any more."""
    now_ms = wall_clock_ms() if now_ms is None else now_ms
    faded = FADED * growth(now_ms)
    below = first_id_at(now_ms - TREND_DAYS * DAY_MS)
    bounds: list[tuple[object, dict[str, object]]] = [
        (queries.prune_affinities, {"faded": faded}),
        (queries.prune_interests, {"faded": faded}),
        (queries.prune_author_stats, {"faded": faded}),
        (queries.prune_heat, {"below": below}),
        (queries.prune_tagged, {"below": below}),
        (queries.prune_author_replies, {"below": first_id_at(now_ms - REPLIES_DAYS * DAY_MS)}),
        (queries.prune_seen, {"before_ms": now_ms - SEEN_DAYS * DAY_MS}),
        (queries.prune_less, {"before_ms": now_ms - LESS_DAYS * DAY_MS}),
    ]
    for statement, bound in bounds:
        while await _some(resources, statement, bound) == ROWS_AT_ONCE:
            pass


async def _some(resources: Resources, statement: object, bound: dict[str, object]) -> int:
    """How many rows went."""
    async with resources.database.connection() as connection:
        return len(await fetch(statement, connection, max_rows=ROWS_AT_ONCE, **bound))
