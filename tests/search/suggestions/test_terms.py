"""Terms of a post, and the order of suggestions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rookery.contracts.users import Acquaintance
from rookery.gateway.wiring import Services
from rookery.search.suggestions.ranking import rank
from rookery.search.suggestions.repository import SimilarAccount
from rookery.search.suggestions.terms import terms_of, words_of
from rookery.search.trends.words import StopWords
from tests.search.trends.test_topics import written


@pytest.mark.parametrize(
    ("text", "lang", "terms"),
    [
        ("The Rooks of Café @ana_1 #OpenSource https://example.org 12", "en", ["opensource", "rooks", "cafe"]),
        ("die Krähen und die Krähen", "de", ["krahen"]),
        ("カラスが好き", "ja", ["カラ", "ラス", "スが", "が好", "好き"]),
        ("the of and", "en", []),
    ],
)
async def test_terms(services: Services, text: str, lang: str, terms: list[str]) -> None:
    stop_words = StopWords()
    post = written(text, lang)
    async with services.resources.database.connection() as connection:
        await stop_words.learn(connection, words_of(post))
    assert terms_of(post, stop_words) == terms


IDS = st.integers(1, 40)
ACQUAINTANCES = st.lists(
    st.builds(Acquaintance, IDS, st.just([1]), st.just(1), st.floats(0.1, 100)), unique_by=lambda each: each.id
)
SIMILAR = st.lists(
    st.builds(SimilarAccount, IDS, st.floats(0.1, 1), st.just(["rain"])), unique_by=lambda each: each.user_id
)
POPULAR = st.lists(st.tuples(IDS, st.integers(1, 1000)), unique_by=lambda each: each[0])


@given(ACQUAINTANCES, SIMILAR, POPULAR, st.frozensets(IDS))
def test_each_once_with_all_reasons_and_nobody_who_may_not(
    met: list[Acquaintance], like: list[SimilarAccount], popular: list[tuple[int, int]], never: frozenset[int]
) -> None:
    ranked = rank(met, like, popular, lambda user_id: user_id not in never)
    ids = [candidate.user_id for candidate in ranked]
    everybody = {each.id for each in met} | {each.user_id for each in like} | {user_id for user_id, _ in popular}
    assert sorted(ids) == sorted(everybody - never)
    for candidate in ranked:
        assert bool(candidate.via) == any(each.id == candidate.user_id for each in met)
        assert bool(candidate.terms) == any(each.user_id == candidate.user_id for each in like)
        assert (candidate.source == "popular") == (candidate.followers is not None)
    scores = [candidate.score for candidate in ranked]
    assert scores == sorted(scores, reverse=True)
