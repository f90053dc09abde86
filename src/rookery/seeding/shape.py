"""The shape of a network: who follows whom, who writes how much, what is liked.

In-degree (followers) follows a power law with exponent 2.276, which Kwak, Lee, Park and Moon report for Twitter ("What
is Twitter, a Social Network or a News Media?", WWW 2010, section 3.1). Each account draws an attractiveness from the
Pareto distribution of that exponent, and followees are drawn in proportion to it; out-degree and activity are
log-normal, so that many follow a few and write little. Deviation: accounts are drawn independently, so there is less
clustering and reciprocity (they report 22 %) than in the real graph; RECIPROCITY adds the latter back.
"""

import random
from collections.abc import Iterator
from heapq import nsmallest
from itertools import accumulate

IN_DEGREE_EXPONENT = 2.276
RECIPROCITY = 0.22
OUT_DEGREE_SIGMA = 1.0
ACTIVITY_SIGMA = 1.4
TRIES_PER_FOLLOW = 20
# From this share of all possible follows on, random draws find too little that is new.
DENSE_SHARE = 0.25

Pair = tuple[int, int]


class SeedError(ValueError):
    """The wished-for network cannot exist; the text names the option."""


class Weighted:
    """Draws indices in proportion to weights, in O(log n)."""

    def __init__(self, rng: random.Random, weights: list[float]) -> None:
        self.weights = weights
        self._rng = rng
        self._indices = range(len(weights))
        self._cumulative = list(accumulate(weights))

    def draw(self, count: int) -> list[int]:
        return self._rng.choices(self._indices, cum_weights=self._cumulative, k=count)


def attractiveness(rng: random.Random, users: int) -> Weighted:
    """How followees are drawn: the density of weights falls with IN_DEGREE_EXPONENT."""
    return Weighted(rng, [rng.paretovariate(IN_DEGREE_EXPONENT - 1) for _ in range(users)])


def activity(rng: random.Random, users: int, sigma: float = ACTIVITY_SIGMA) -> Weighted:
    """How authors, and who follows and likes, are drawn."""
    return Weighted(rng, [rng.lognormvariate(0, sigma) for _ in range(users)])


def follows(rng: random.Random, users: int, count: int, following_max: int) -> list[Pair]:
    """`count` distinct (follower, followee) pairs of indices; nobody follows themselves or more than `following_max`.

    Raises SeedError when there are not so many pairs.
    """
    fitting = follows_max(users, following_max)
    if count > fitting:
        raise SeedError(f"--follows: at most {fitting} fit {users} users")
    followers, followees = activity(rng, users, OUT_DEGREE_SIGMA), attractiveness(rng, users)
    if count > fitting * DENSE_SHARE:
        return _dense(rng, followers, followees, count, following_max)
    pairs: dict[Pair, None] = {}
    out_degree = [0] * users
    for follower, followee in _candidates(rng, followers, followees, count * TRIES_PER_FOLLOW):
        if len(pairs) >= count:
            break
        if follower != followee and (follower, followee) not in pairs and out_degree[follower] < following_max:
            pairs[follower, followee] = None
            out_degree[follower] += 1
    if len(pairs) < count:
        return _dense(rng, followers, followees, count, following_max)
    return list(pairs)


def follows_max(users: int, following_max: int) -> int:
    """How many follows there can be among so many users."""
    return users * max(0, min(users - 1, following_max))


def _dense(rng: random.Random, followers: Weighted, followees: Weighted, count: int, following_max: int) -> list[Pair]:
    """Pairs drawn by weight without replacement from all there are: O(users²) time, O(count + users) memory.

    Each pair waits an exponential time of its weight as rate, and the first `count` are taken (Efraimidis and Spirakis,
    "Weighted random sampling with a reservoir", 2006). Nobody's pairs beyond their own first `following_max` can be
    among them. Reciprocity is not added: so many pairs bring more of it than that.
    """
    users = len(followers.weights)

    def waits_of(follower: int) -> Iterator[tuple[float, Pair]]:
        rate = followers.weights[follower]
        for followee in range(users):
            if followee != follower:
                yield rng.expovariate(rate * followees.weights[followee]), (follower, followee)

    first = (wait for follower in range(users) for wait in nsmallest(following_max, waits_of(follower)))
    return [pair for _, pair in nsmallest(count, first)]


def _candidates(rng: random.Random, followers: Weighted, followees: Weighted, tries: int) -> Iterator[Pair]:
    stride = 10_000
    for _ in range(0, tries, stride):
        for pair in zip(followers.draw(stride), followees.draw(stride), strict=True):
            yield pair
            if rng.random() < RECIPROCITY:
                yield pair[1], pair[0]
