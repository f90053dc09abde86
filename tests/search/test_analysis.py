"""Words, stems, pairs of characters, spans of time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rookery.search.analysis import fold, forms, stem, tokens
from rookery.search.terms import HOUR_MS, time_cover, time_terms, url_parts


def exact(text: str) -> list[str]:
    return [token.exact for token in tokens(text)]


def test_words_are_folded_and_stemmed() -> None:
    assert exact("Die HÄUSER, naïve Straßen: ﬁne!") == ["die", "hauser", "naive", "strassen", "fine"]
    assert stem("häuser", "de") == stem("haus", "de") == "haus"
    assert "run" in forms("running", None) and forms("running", "de") == ("running",)
    assert fold("İstanbul") == "istanbul" and fold("ılık") == "ilik" and fold("القَهْوَة") == fold("القهوة")


@pytest.mark.parametrize("text", ["駅前", "커피", "กาแฟ", "咖啡"])
def test_scripts_without_spaces_become_pairs(text: str) -> None:
    found = tokens(text)
    assert [token.exact for token in found[:-1]] == [text[n : n + 2] for n in range(len(text) - 1)]
    assert found[-1].single and found[-1].exact == text[-1]
    assert [(token.start, token.end) for token in found[:-1]] == [(n, n + 2) for n in range(len(text) - 1)]


def test_emoji_are_words() -> None:
    assert exact("coffee☕🐦rain") == ["coffee", "☕", "🐦", "rain"]


@given(st.text(max_size=80))
def test_tokens_lie_in_the_text_in_order(text: str) -> None:
    found = tokens(text)
    assert [token.position for token in found] == list(range(1, len(found) + 1))
    assert all(0 <= token.start < token.end <= len(text) for token in found)
    assert all(":" not in token.exact and " " not in token.exact for token in found)


@given(st.integers(0, 10**6), st.integers(0, 10**5), st.integers(0, 10**6))
def test_spans_of_time_cover_exactly_their_hours(first: int, length: int, hour: int) -> None:
    cover = set(time_cover(first * HOUR_MS, (first + length) * HOUR_MS + 17))
    covered = not cover.isdisjoint(time_terms(hour * HOUR_MS << 16))
    assert covered == (first <= hour <= first + length)
    assert len(cover) <= 14 * 4 + length // 4096 + 1


def test_parts_of_links() -> None:
    assert url_parts("https://www.News.Example.org/a-b?q=C") == ["news.example.org", "example.org", "a", "b", "q", "c"]
    assert url_parts("example.org") == ["example.org"]
    assert url_parts("http://[::1") == ["http", "1"]
