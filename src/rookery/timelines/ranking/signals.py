"""Signals: what is known of candidates and reader, each brought to 0..1. Pure; one element per candidate.

`affinity`        rate / (rate + AFFINITY_HALF), where rate is the weighted acts of the reader towards the author per
                  post of the author (both decayed), smoothed by PRIOR_POSTS. Who likes every post is at 1/2.
`velocity`        log2 of the post's engagement over what the author's posts have at that age, in VELOCITY_DOUBLINGS;
                  the average post and less are 0. A small account's good post beats a big account's ordinary one.
`author_replies`  n / (n + 1) of the author's answers to others in the conversation
`network`         n / (n + 2) of the followees who like or reposted it
`trending`        how much the reader engages with the hashtag that brought it, v / (v + INTEREST_HALF)

More engagement never lowers any of them, and more age never raises one.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rookery.timelines.ranking.weights import ADDING, LIKE

Floats = NDArray[np.float64]

PRIOR_POSTS: Final = 2.0
AFFINITY_HALF: Final = LIKE
BASELINE_PRIOR: Final = LIKE  # engagement per post of an author of whom nothing is known, weighing PRIOR_POSTS posts
ENGAGEMENT_SMOOTHING: Final = 2 * LIKE
MATURITY_HALF_H: Final = 4.0  # half of what a post gets, it gets in its first 4 hours
VELOCITY_DOUBLINGS: Final = 4.0
INTEREST_HALF: Final = 4 * LIKE


class Evidence(NamedTuple):
    """What the signals are computed from.

    `acts`: the reader's weighted acts towards the author, as they count now. `author_posts` likewise, `author_rate` is
    engagement per post. `interest`: the reader's acts with the hashtag, 0 where none brought the post.
    """

    age_h: Floats
    acts: Floats
    author_posts: Floats
    author_rate: Floats
    engagement: Floats
    author_replies: Floats
    media: Floats
    vouches: Floats
    interest: Floats


def author_rate(engagement: Floats, posts: Floats) -> Floats:
    """Engagement per post of authors, smoothed towards BASELINE_PRIOR."""
    return (engagement + PRIOR_POSTS * BASELINE_PRIOR) / (posts + PRIOR_POSTS)


def affinity(acts: Floats, author_posts: Floats) -> Floats:
    rate = acts / (author_posts + PRIOR_POSTS)
    return rate / (rate + AFFINITY_HALF)


def velocity(engagement: Floats, rate: Floats, age_h: Floats) -> Floats:
    expected = rate * (1.0 - np.exp2(-age_h / MATURITY_HALF_H))
    doublings = np.log2((engagement + ENGAGEMENT_SMOOTHING) / (expected + ENGAGEMENT_SMOOTHING))
    return np.clip(doublings / VELOCITY_DOUBLINGS, 0.0, 1.0)


def adding_signals(evidence: Evidence, half_life_h: float) -> Floats:
    """(candidates, ADDING): the signals that add to the score."""
    columns = {
        "recency": np.exp2(-evidence.age_h / half_life_h),
        "affinity": affinity(evidence.acts, evidence.author_posts),
        "velocity": velocity(evidence.engagement, evidence.author_rate, evidence.age_h),
        "author_replies": evidence.author_replies / (evidence.author_replies + 1.0),
        "media": evidence.media,
        "network": evidence.vouches / (evidence.vouches + 2.0),
        "trending": evidence.interest / (evidence.interest + INTEREST_HALF),
    }
    return np.stack([columns[name] for name in ADDING], axis=1)
