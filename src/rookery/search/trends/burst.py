"""How far a topic rises above its own past: the significance of SigniTrend, over people instead of words.

Schubert, Weiler and Kriegel, "SigniTrend: Scalable Detection of Emerging Topics in Textual Streams by Hashed
Significance Thresholds", KDD 2014: with the exponentially weighted mean and variance of what was, and a bias that
stands for noise,

    significance = (now - max(mean, bias)) / (sqrt(variance) + bias).

Deviations: what is counted is distinct authors, so that one account repeating itself changes nothing. The mean of
squares is kept beside the mean instead of the variance (which is their difference), so that a period without authors
fades both by one factor, and nothing is rewritten because time passes. What was watched for a short while only is
divided by the weight of that while, as by Kingma and Ba ("Adam", ICLR 2015, section 3), or everything would look new at
first. No sketches: topics of few authors are left out instead.
"""

from math import sqrt
from typing import Final, Literal

from msgspec import Struct

Window = Literal["1h", "24h"]

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS
BIAS: Final = 1.0  # authors
SIGNIFICANCE_MIN: Final = 2.0  # of the normal distribution 2 %; three people reach it with what nobody knew


class Period(Struct, frozen=True):
    """A window that trends are computed for, and the length of the periods that its past is made of.

    `half_life`: in how many periods the past loses half its weight. `slots`: into how many a sparkline is cut.
    """

    window: Window
    length_ms: int
    half_life: int
    slots: int

    @property
    def fade(self) -> float:
        """What a period leaves of what was before."""
        return float(0.5 ** (1 / self.half_life))

    def number(self, at_ms: int) -> int:
        """The period in which a time lies."""
        return at_ms // self.length_ms


HOUR: Final = Period("1h", HOUR_MS, half_life=72, slots=12)
DAY: Final = Period("24h", 24 * HOUR_MS, half_life=7, slots=24)
PERIODS: Final = (HOUR, DAY)


class Past(Struct, frozen=True):
    """Moments of the authors per period, as kept: up to period `at`."""

    mean: float = 0.0
    square: float = 0.0
    at: int = 0


class Usual(Struct, frozen=True):
    """What a period of the past had: authors on average, and their variance."""

    mean: float = 0.0
    variance: float = 0.0


def usual(past: Past, period: Period, first: int, rolled: int) -> Usual:
    """The past as of period `rolled`, when watching began with period `first`; nothing where there is no past yet."""
    weight = 1 - period.fade ** (rolled - first + 1)
    if rolled < first or weight <= 0:
        return Usual()
    faded = period.fade ** max(rolled - past.at, 0) / weight
    mean = past.mean * faded
    return Usual(mean, max(past.square * faded - mean * mean, 0.0))


def significance(authors: int, was: Usual) -> float:
    """How many deviations `authors` lie above what was usual. Never lower for more authors."""
    return (authors - max(was.mean, BIAS)) / (sqrt(was.variance) + BIAS)
