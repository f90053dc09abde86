"""The seeded network: its shape, its determinism, its refusals."""

import math
import random
from collections import Counter

import pytest

from rookery.kit.text import parse
from rookery.seeding.network import Network, NetworkBuilder, Wish, mint, usual_follows, usual_posts
from rookery.seeding.shape import IN_DEGREE_EXPONENT, SeedError, attractiveness, follows
from rookery.seeding.texts import LANGUAGES, Writer

UNTIL_MS = 1_790_000_000_000


def build(**changes: int) -> Network:
    wish = Wish(**{"users": 200, "posts": 500, "follows": 2_000, "seed": 1, "until_ms": UNTIL_MS, **changes})
    return NetworkBuilder(wish, "hash", lambda content, _: "{}").build(lambda *_: None)


def test_the_same_seed_gives_the_same_network() -> None:
    assert build() == build()
    assert build() != build(seed=2)


def test_counts_are_what_was_wished_for() -> None:
    network = build()
    assert (len(network.users), len(network.posts), len(network.follows)) == (200, 500, 2_000)


def test_nobody_follows_themselves_or_anybody_twice() -> None:
    pairs = follows(random.Random(3), 100, 1_500, 5_000)
    assert len(set(pairs)) == 1_500
    assert all(follower != followee for follower, followee in pairs)


def test_nobody_follows_more_than_the_limit() -> None:
    out_degree = Counter(follower for follower, _ in follows(random.Random(3), 100, 400, 20))
    assert max(out_degree.values()) <= 20


@pytest.mark.parametrize("users", [1, 2, 5, 60])
def test_everybody_can_follow_everybody(users: int) -> None:
    everybody = [(a, b) for a in range(users) for b in range(users) if a != b]
    assert sorted(follows(random.Random(3), users, len(everybody), 5_000)) == everybody


@pytest.mark.parametrize("share", [0.24, 0.26, 0.5, 0.9])
def test_dense_networks_are_exact_distinct_and_the_same_again(share: float) -> None:
    count = int(share * 80 * 79)
    pairs = follows(random.Random(3), 80, count, 5_000)
    assert len(pairs) == len(set(pairs)) == count
    assert all(follower != followee for follower, followee in pairs)
    assert pairs == follows(random.Random(3), 80, count, 5_000)
    assert pairs != follows(random.Random(4), 80, count, 5_000)


def test_a_dense_network_keeps_the_limit_even_when_all_reach_it() -> None:
    out_degree = Counter(follower for follower, _ in follows(random.Random(3), 50, 50 * 7, 7))
    assert out_degree == dict.fromkeys(range(50), 7)


def test_a_dense_network_is_uneven_too() -> None:
    """Half of all pairs, evenly spread, would give everybody about 50 followers, with a deviation of 5."""
    in_degree = Counter(followee for _, followee in follows(random.Random(3), 100, 100 * 99 // 2, 5_000))
    counts = sorted(in_degree[user] for user in range(100))
    assert counts[-1] - counts[0] > 40


@pytest.mark.parametrize(("users", "follows_"), [(-1, 0), (0, 0), (1, 0), (5, 20), (21, 420), (1_000, 20_000)])
def test_what_is_usual_follows_from_the_users_and_fits(users: int, follows_: int) -> None:
    assert max(0, usual_follows(users, 5_000)) == follows_
    assert usual_posts(1_000) == 10_000
    assert usual_follows(1_000, 10) == 10_000


def test_a_handful_of_users_make_a_network() -> None:
    for users in (1, 2, 5):
        network = build(users=users, posts=usual_posts(users), follows=usual_follows(users, 5_000))
        assert (len(network.users), len(network.posts)) == (users, 10 * users)
        assert len(network.follows) == users * (users - 1)


def test_attractiveness_has_the_exponent_of_the_literature() -> None:
    """Hill's estimator of the tail of what was drawn comes near the density's exponent."""
    rng = random.Random(5)
    weighted = attractiveness(rng, 20_000)
    totals = weighted._cumulative
    weights = sorted((b - a for a, b in zip([0.0, *totals], totals, strict=False)), reverse=True)[:2_000]
    hill = len(weights) / sum(math.log(weight / weights[-1]) for weight in weights)
    assert 1 + hill == pytest.approx(IN_DEGREE_EXPONENT, abs=0.15)


def test_followers_are_spread_unevenly() -> None:
    in_degree = Counter(followee for _, followee in follows(random.Random(7), 2_000, 20_000, 5_000))
    top = sum(count for _, count in in_degree.most_common(20))
    assert top > 0.1 * 20_000  # one in a hundred has more than a tenth of all followers


def test_every_post_is_valid_in_every_language() -> None:
    writer = Writer(random.Random(11), ["ana_1_1", "ben_2_1"])
    for language in LANGUAGES:
        posts = [writer.post(language) for _ in range(200)]
        assert all(parse(post).valid for post in posts)
        for sign in ("@", "#", "https://"):
            assert any(sign in post for post in posts)


def test_ids_ascend_and_carry_their_times() -> None:
    times = [UNTIL_MS] * 300 + [UNTIL_MS - 5]
    ids = mint(250, times)
    assert ids == sorted(set(ids))
    assert ids[0] >> 16 == UNTIL_MS - 5
    assert ids[-1] >> 16 == UNTIL_MS + 1  # 256 fit a millisecond, the rest moves on
    assert {each >> 8 & 0xFF for each in ids} == {250}


@pytest.mark.parametrize("kind", ["likes", "reposts"])
def test_reactions_come_after_their_posts_and_not_from_authors(kind: str) -> None:
    network = build()
    authors = {post[0]: post[1] for post in network.posts}
    acts = getattr(network, kind)
    assert len(acts) > 50
    for act_id, user_id, post_id, *_ in acts:
        assert act_id >> 16 > post_id >> 16
        assert authors[post_id] != user_id


@pytest.mark.parametrize("kind", ["likes", "reposts"])
def test_reactions_lie_in_the_past_and_nowhere_in_a_heap(kind: str) -> None:
    """Posts of the last hours have had no time yet for all the reactions that they will get."""
    network = build(users=1_000, posts=20_000, follows=10_000)
    ids = [act[0] for act in getattr(network, kind)]
    assert ids == sorted(set(ids))
    times = [each >> 16 for each in ids]
    assert times[-1] <= UNTIL_MS
    assert Counter(times).most_common(1)[0][1] <= 3
    last_minute, last_hour = (sum(at > UNTIL_MS - span_ms for at in times) for span_ms in (60_000, 3_600_000))
    assert last_hour > 0.005 * len(times)  # it goes on to the end
    assert last_minute < 0.2 * last_hour


def test_counters_are_those_of_the_reactions_that_happened() -> None:
    network = build()
    counted = {post_id: (likes, reposts) for post_id, likes, reposts, *_ in network.post_counters}
    likes, reposts = (Counter(act[2] for act in acts) for acts in (network.likes, network.reposts))
    assert {post_id: counts for post_id, counts in counted.items() if any(counts)} == {
        post_id: (likes[post_id], reposts[post_id]) for post_id in {*likes, *reposts}
    }


@pytest.mark.parametrize(
    ("changes", "option"),
    [
        ({"users": 0}, "--users"),
        ({"users": 6_000_000}, "--users"),
        ({"posts": -1}, "--posts"),
        ({"follows": 200 * 199 + 1}, "--follows"),
        ({"users": 1, "follows": 1}, "--follows"),
        ({"users": -1}, "--users"),
        ({"seed": 10_000}, "--seed"),
    ],
)
def test_impossible_wishes_name_the_option(changes: dict[str, int], option: str) -> None:
    with pytest.raises(SeedError, match=option):
        build(**changes)
