"""Sums of acts of which each loses half its weight in HALF_LIFE, without ever touching a sum because time passes.

Forward decay (Cormode, Shkapenyuk, Srivastava and Xu, "Forward Decay: A Practical Time Decay Model for Streaming
Systems", ICDE 2009): an act is added with its weight grown by the time since a fixed landmark, and a sum is divided by
that growth when it is read. Additions commute, so the order in which consumers see events does not matter. Deviation:
the landmark never moves. A double lasts until about 2110 at 30 days, so that nothing needs rescaling.
"""

from typing import Final

HOUR_MS: Final = 3600 * 1000
DAY_MS: Final = 24 * HOUR_MS
LANDMARK_MS: Final = 1_767_225_600_000  # 2026-01-01
HALF_LIFE_MS: Final = 30 * DAY_MS
HEAT_HALF_LIFE_MS: Final = 12 * HOUR_MS


def growth(at_ms: float) -> float:
    """What a weight of 1 counts for when it is added at a time."""
    return float(2.0 ** ((at_ms - LANDMARK_MS) / HALF_LIFE_MS))


def fade(age_ms: float) -> float:
    """What is left of 1 after a while; 1 for what lies ahead."""
    return float(2.0 ** (-max(0.0, age_ms) / HALF_LIFE_MS))
