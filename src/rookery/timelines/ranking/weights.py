"""What each act and each signal weighs, where the figures come from, and what a reader may set.

Acts weigh as in Twitter's heavy ranker of April 5, 2023 (github.com/twitter/the-algorithm-ml, projects/home/recap,
README.md): like 0.5, retweet 1, reply 13.5, reply that the author engages with 75, negative feedback -74. That ranker
multiplies them with predicted probabilities. We have no model: smoothed rates that were observed stand in for the
probabilities, and the same weights make one number of the kinds of acts, per reader and author (affinity) and per post
(velocity). Not used, for want of the acts here: good clicks (11, 10), good profile clicks (12), video playback (0.005),
reports (-369). A quote counts as a retweet, which it is there.

Between signals, strengths are ours. The README says that the weights were set so that each part contributes about the
same on average; each signal here lies in 0..1 already, so strengths are near one another and say what matters more.
From home-mixer (github.com/twitter/the-algorithm): out-of-network factor 0.75, author diversity decay 0.5 to the floor
0.25.
"""

from typing import Final

from msgspec import Struct

LIKE: Final = 0.5
REPOST: Final = 1.0
QUOTE: Final = 1.0
REPLY: Final = 13.5
REPLY_ANSWERED: Final = 75.0
NEGATIVE: Final = -74.0

OUT_OF_NETWORK: Final = 0.75
DIVERSITY_DECAY: Final = 0.5
DIVERSITY_FLOOR: Final = 0.25

# Signals in the order of the columns of every matrix here: the first add to the score, the others lower it.
ADDING: Final = ("recency", "affinity", "velocity", "author_replies", "media", "network", "trending")
LOWERING: Final = ("language", "less", "seen", "diversity")
SIGNALS: Final = ADDING + LOWERING

# What an adding signal of 1 brings at the reader's weight 1.
STRENGTHS: Final = {
    "recency": 1.0,
    "affinity": 1.0,
    "velocity": 0.4,
    # One answer of the author in 50 readers' replies would be much: 75 is what it weighs against 13.5 for a reply.
    "author_replies": 0.3,
    "media": 0.1,
    "network": 0.4,
    "trending": 0.3,
}

SETTABLE: Final = (
    "recency", "affinity", "velocity", "author_replies", "media", "language", "network", "trending", "diversity",
    "seen",
)  # fmt: skip
WEIGHT_DEFAULT: Final = 1.0
WEIGHT_MAX: Final = 3.0
HALF_LIFE_DEFAULT_H: Final = 12.0
HALF_LIFE_MIN_H: Final = 1.0
HALF_LIFE_MAX_H: Final = 168.0


class Settings(Struct, frozen=True):
    """What a reader has set: weights by name, and the half-life of recency in hours; absent or None: default."""

    weights: dict[str, float] = {}
    half_life_hours: float | None = None

    def weight(self, name: str) -> float:
        """0..WEIGHT_MAX; 1 for what cannot be set."""
        return self.weights.get(name, WEIGHT_DEFAULT)

    @property
    def half_life_h(self) -> float:
        return HALF_LIFE_DEFAULT_H if self.half_life_hours is None else self.half_life_hours
