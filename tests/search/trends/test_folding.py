"""Spellings of one topic are one; other topics stay apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rookery.search.trends.folding import fold, fold_link, fold_name, keys_of


@pytest.mark.parametrize(
    "spellings",
    [
        ("café au lait", "Cafe\u0301AuLait", "CAFÉ-AU-LAIT", "ｃａｆｅａｕｌａｉｔ", "#CaféAuLait"),
        ("Straße", "STRASSE", "strasse"),
        ("İstanbul", "istanbul", "ISTANBUL", "ıstanbul"),
        ("кафе́", "КАФЕ"),
        ("مُحَمَّد", "محمد"),
        ("Łódź", "lodz"),
    ],
)
def test_one_topic(spellings: tuple[str, ...]) -> None:
    assert len({fold(spelling) for spelling in spellings}) == 1, {each: fold(each) for each in spellings}


@pytest.mark.parametrize(("one", "other"), [("がき", "かき"), ("कल", "काल"), ("rain", "ruin"), ("서울", "사울")])
def test_other_topics(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text(max_size=60))
def test_folding_is_final(name: str) -> None:
    assert fold(fold(name)) == fold(name)
    assert fold(name.upper()) == fold(name.upper().lower())


@pytest.mark.parametrize(
    ("url", "topic"),
    [
        ("HTTPS://www.Example.org/a/?utm_source=x&b=1#top", "example.org/a?b=1"),
        ("http://example.org", "example.org"),
        ("example.org/", "example.org"),
        ("https://example.org/a?fbclid=1", "example.org/a"),
        ("https://[::1/a", ""),
        ("https://localhost/a", ""),
    ],
)
def test_links(url: str, topic: str) -> None:
    assert fold_link(url) == topic


def test_names_that_people_give() -> None:
    assert fold_name("#Morning") == fold_name("morning") == "morning"
    assert fold_name("Example.org") == "example.org"
    assert fold_name("https://www.example.org/a/") == "example.org/a"
    assert fold_name("st. louis") == "stlouis"
    assert fold_name("!?") == ""


def test_what_hides_a_trend() -> None:
    assert keys_of("phrase", "bigredbus", "Big red bus") == ["big", "bigred", "bigredbus", "bus", "red", "redbus"]
    assert keys_of("hashtag", "cafe", "Café") == ["cafe"]
    assert keys_of("link", "example.org/a", "example.org/a") == ["example.org", "example.org/a"]
