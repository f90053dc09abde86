"""What must hold of scoring, whatever the numbers: properties over random candidates."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rookery.timelines.ranking.explaining import shares_of, strongest
from rookery.timelines.ranking.scoring import Candidates, Scores, score
from rookery.timelines.ranking.signals import Evidence, author_rate
from rookery.timelines.ranking.weights import ADDING, SETTABLE, SIGNALS, Settings

amounts = st.floats(0, 1e4)
counts = st.integers(0, 1_000)

# One candidate as a dict of numbers; ids are given by place.
candidate = st.fixed_dictionaries(
    {
        "author_id": st.integers(1, 6),
        "out_of_network": st.booleans(),
        "foreign": st.floats(0, 1),
        "less": st.floats(0, 10),
        "seen": st.booleans(),
        "age_h": st.floats(0, 2_000),
        "acts": amounts,
        "author_posts": amounts,
        "author_engagement": amounts,
        "engagement": amounts,
        "author_replies": counts,
        "media": st.sampled_from([0.0, 1.0]),
        "vouches": counts,
        "interest": amounts,
    }
)
some = st.lists(candidate, min_size=1, max_size=25)
weights = st.dictionaries(st.sampled_from(SETTABLE), st.floats(0, 3))
settings = st.builds(Settings, weights, st.one_of(st.none(), st.floats(1, 168)))
diverse = st.builds(Settings, st.dictionaries(st.sampled_from(sorted({*SETTABLE} - {"diversity"})), st.floats(0, 3)))


def candidates_of(rows: list[dict[str, Any]], ids: list[int] | None = None) -> Candidates:
    def column(name: str) -> Any:
        return np.array([row[name] for row in rows], dtype=np.float64)

    return Candidates(
        post_ids=np.array(ids or range(1, len(rows) + 1), dtype=np.int64),
        author_ids=np.array([row["author_id"] for row in rows], dtype=np.int64),
        out_of_network=np.array([row["out_of_network"] for row in rows], dtype=np.bool_),
        evidence=Evidence(
            age_h=column("age_h"),
            acts=column("acts"),
            author_posts=column("author_posts"),
            author_rate=author_rate(column("author_engagement"), column("author_posts")),
            engagement=column("engagement"),
            author_replies=column("author_replies"),
            media=column("media"),
            vouches=column("vouches"),
            interest=column("interest"),
        ),
        foreign=column("foreign"),
        less=column("less"),
        seen=np.array([row["seen"] for row in rows], dtype=np.bool_),
    )


def scored(rows: list[dict[str, Any]], by: Settings, ids: list[int] | None = None) -> Scores:
    return score(candidates_of(rows, ids), by)


def changed(rows: list[dict[str, Any]], place: int, **fields: Any) -> list[dict[str, Any]]:
    return [{**row, **fields} if at == place else row for at, row in enumerate(rows)]


@given(some, settings, st.data())
def test_more_engagement_never_lowers_a_score(rows: list[dict[str, Any]], by: Settings, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(rows) - 1))
    name = data.draw(st.sampled_from(["engagement", "acts", "author_replies", "vouches", "interest", "media"]))
    more = {name: rows[place][name] + data.draw(st.floats(0, 1e3))}
    before, after = scored(rows, by), scored(changed(rows, place, **more), by)
    assert after.scores[place] >= before.scores[place] - 1e-9


@given(some, settings, st.data())
def test_more_age_never_raises_a_score(rows: list[dict[str, Any]], by: Settings, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(rows) - 1))
    older = {"age_h": rows[place]["age_h"] + data.draw(st.floats(0, 1e3))}
    assert scored(changed(rows, place, **older), by).scores[place] <= scored(rows, by).scores[place] + 1e-9


@given(some, settings, st.data())
def test_what_speaks_against_a_post_never_raises_it(
    rows: list[dict[str, Any]], by: Settings, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(rows) - 1))
    against = data.draw(
        st.sampled_from([{"less": rows[place]["less"] + 1}, {"seen": True}, {"foreign": 1.0}, {"out_of_network": True}])
    )
    before, after = scored(rows, by), scored(changed(rows, place, **against), by)
    assert after.scores[place] <= before.scores[place] + 1e-9
    assert list(after.order).index(place) >= list(before.order).index(place)


@given(some, settings, st.data())
def test_less_of_an_author_raises_none_of_their_posts(
    rows: list[dict[str, Any]], by: Settings, data: st.DataObject
) -> None:
    author = data.draw(st.sampled_from([row["author_id"] for row in rows]))
    wished = [{**row, "less": row["less"] + (row["author_id"] == author)} for row in rows]
    before, after = scored(rows, by), scored(wished, by)
    best = [max(scores.scores[place] for place in places_of(rows, author)) for scores in (before, after)]
    assert best[1] <= best[0] + 1e-9


def places_of(rows: list[dict[str, Any]], author: int) -> list[int]:
    return [place for place, row in enumerate(rows) if row["author_id"] == author]


@pytest.mark.parametrize("name", SETTABLE)
@given(some, weights)
def test_a_weight_of_0_switches_a_signal_off(name: str, rows: list[dict[str, Any]], others: dict[str, float]) -> None:
    result = scored(rows, Settings({**others, name: 0.0}))
    assert not result.parts[:, SIGNALS.index(name)].any()


@given(some)
def test_with_all_weights_0_the_newest_is_first(rows: list[dict[str, Any]]) -> None:
    result = scored(rows, Settings(dict.fromkeys(SETTABLE, 0.0)))
    assert result.order.tolist() == list(range(len(rows)))[::-1]


@given(some, settings)
def test_parts_sum_to_the_score_and_shares_tell_it(rows: list[dict[str, Any]], by: Settings) -> None:
    result = scored(rows, by)
    assert (result.scores >= 0).all()
    assert np.allclose(result.parts.sum(axis=1), result.scores)
    shares = shares_of(result.parts)
    assert (np.abs(shares) <= 1 + 1e-12).all()
    sizes = np.abs(result.parts).sum(axis=1)
    assert np.allclose(shares.sum(axis=1) * sizes, result.scores)
    assert (shares[:, : len(ADDING)] >= 0).all() and (shares[:, len(ADDING) :] <= 0).all()


@given(some, settings)
def test_reasons_are_the_largest_shares(rows: list[dict[str, Any]], by: Settings) -> None:
    parts = scored(rows, by).parts
    _, hundredths = strongest(parts)
    told = np.abs(hundredths)
    assert (np.diff(told, axis=1) <= 0).all()
    everything = np.abs(np.rint(shares_of(parts) * 100))
    assert (told[:, -1] >= np.sort(everything, axis=1)[:, -6]).all()


@given(some, settings, st.randoms(use_true_random=False))
def test_the_order_of_candidates_does_not_matter(rows: list[dict[str, Any]], by: Settings, random: Any) -> None:
    ids = list(range(1, len(rows) + 1))
    pairs = list(zip(ids, rows, strict=True))
    random.shuffle(pairs)
    mixed_ids, mixed = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    there = scored(rows, by, ids)
    here = scored(mixed, by, mixed_ids)
    assert [mixed_ids[place] for place in here.order] == [ids[place] for place in there.order]


@given(
    some, st.builds(Settings, st.dictionaries(st.sampled_from(sorted({*SETTABLE} - {"diversity"})), st.floats(0, 3)))
)
def test_no_author_follows_themselves_while_somebody_near_waits(rows: list[dict[str, Any]], by: Settings) -> None:
    result = scored(rows, by)
    order = result.order.tolist()
    undiminished = result.scores - result.parts[:, SIGNALS.index("diversity")]
    assume((undiminished > 1e-6).all())
    for at in range(1, len(order)):
        here, above = order[at], order[at - 1]
        if rows[here]["author_id"] != rows[above]["author_id"]:
            continue
        heads = {rows[place]["author_id"] for place in order[: at + 1]}
        waiting = [place for place in order[at + 1 :] if rows[place]["author_id"] not in heads]
        assert all(undiminished[place] < 0.9 * undiminished[here] for place in waiting)


def test_a_small_account_s_good_post_beats_a_big_account_s_ordinary_one() -> None:
    alike: dict[str, Any] = {
        "out_of_network": False, "foreign": 0.0, "less": 0.0, "seen": False, "age_h": 3.0, "acts": 0.0,
        "author_replies": 0, "media": 0.0, "vouches": 0, "interest": 0.0, "author_posts": 20.0,
    }  # fmt: skip
    small = {**alike, "author_id": 1, "author_engagement": 20.0, "engagement": 12.0}
    big = {**alike, "author_id": 2, "author_engagement": 20_000.0, "engagement": 500.0}
    assert scored([small, big], Settings()).order.tolist() == [0, 1]


def test_who_has_done_nothing_where_nobody_has_gets_the_newest_first() -> None:
    nothing: dict[str, Any] = {
        "out_of_network": False, "foreign": 0.0, "less": 0.0, "seen": False, "acts": 0.0, "author_replies": 0,
        "media": 0.0, "vouches": 0, "interest": 0.0, "author_posts": 3.0, "author_engagement": 0.0, "engagement": 0.0,
    }  # fmt: skip
    rows = [{**nothing, "author_id": place, "age_h": 100.0 - place} for place in range(20)]
    assert scored(rows, Settings()).order.tolist() == list(range(20))[::-1]
