"""The formula keeps what it promises, whatever the past was."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rookery.search.trends.burst import DAY, HOUR, SIGNIFICANCE_MIN, Past, Period, Usual, significance, usual

COUNTS = st.lists(st.integers(0, 10_000), min_size=1, max_size=200)
USUALS = st.builds(Usual, st.floats(0, 1e5), st.floats(0, 1e9))
PERIOD = st.sampled_from([HOUR, DAY])


def rolled(counts: list[int], period: Period) -> Past:
    """As the statement `roll` does it: only periods with authors are written."""
    past = Past()
    for at, count in enumerate(counts):
        if count:
            faded = period.fade ** (at - past.at)
            mean = past.mean * faded + (1 - period.fade) * count
            past = Past(mean, past.square * faded + (1 - period.fade) * count * count, at)
    return past


@given(USUALS, st.integers(0, 10_000), st.integers(1, 10_000))
def test_more_people_never_lower_it(was: Usual, authors: int, more: int) -> None:
    assert significance(authors + more, was) > significance(authors, was)


@given(COUNTS, PERIOD)
def test_the_usual_is_the_weighted_mean_and_variance_of_all_periods(counts: list[int], period: Period) -> None:
    """Periods without anybody, which are never written, count as the others do."""
    last = len(counts) - 1
    weights = [period.fade ** (last - at) for at in range(len(counts))]
    mean = sum(weight * count for weight, count in zip(weights, counts, strict=True)) / sum(weights)
    square = sum(weight * count * count for weight, count in zip(weights, counts, strict=True)) / sum(weights)
    was = usual(rolled(counts, period), period, 0, last)
    assert was.mean == pytest.approx(mean, rel=1e-6, abs=1e-9)
    assert was.variance == pytest.approx(square - mean * mean, rel=1e-4, abs=square * 1e-6)


@given(st.integers(0, 5_000), st.integers(1, 500), PERIOD)
def test_what_is_always_so_is_no_trend(count: int, periods: int, period: Period) -> None:
    was = usual(rolled([count] * periods, period), period, 0, periods - 1)
    assert was.mean == pytest.approx(count, rel=1e-6)
    assert significance(count, was) < 0.1


@given(COUNTS, st.integers(1, 10_000), st.integers(2, 50), PERIOD)
def test_the_same_rise_among_more_people_counts_more(
    counts: list[int], authors: int, times: int, period: Period
) -> None:
    """A network `times` as large: the noise of a few people matters less there."""
    last = len(counts) - 1
    small = significance(authors, usual(rolled(counts, period), period, 0, last))
    assume(small > 0)
    large = usual(rolled([count * times for count in counts], period), period, 0, last)
    assert significance(authors * times, large) >= small * (1 - 1e-6)


@given(COUNTS, st.integers(1, 1_000), PERIOD)
def test_a_topic_that_rests_becomes_news_again(counts: list[int], rest: int, period: Period) -> None:
    last = len(counts) - 1
    before = usual(rolled(counts, period), period, 0, last)
    after = usual(rolled(counts, period), period, 0, last + rest)
    assert after.mean <= before.mean * (1 + 1e-9)
    assert math.isfinite(significance(1, after))


def test_nothing_is_usual_before_anything_was_watched() -> None:
    assert usual(Past(5, 25, 9), HOUR, 10, 9) == Usual()
    assert significance(3, Usual()) == SIGNIFICANCE_MIN
