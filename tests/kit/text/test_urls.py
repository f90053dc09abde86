"""Links: limits, and the places where we deviate from twitter-text on purpose."""

import pytest

from rookery.kit.text.tlds import top_level_domains
from rookery.kit.text.urls import find_urls


def _found(text: str) -> list[str]:
    return [url.url for url in find_urls(text)]


def test_the_table_of_top_level_domains_is_whole() -> None:
    assert len(top_level_domains()) == 1574
    assert {"com", "jp", "みんな", "рф", "vermögensberatung"} <= top_level_domains()


def test_a_label_holds_63_bytes_in_punycode() -> None:
    assert _found(f"{'a' * 63}.com") == [f"{'a' * 63}.com"]
    assert _found(f"{'a' * 64}.com") == []
    assert _found(f"http://{'あ' * 57}.com") == [f"http://{'あ' * 57}.com"]
    assert _found(f"http://{'あ' * 58}.com") == []


def test_a_url_holds_4096_characters_with_its_protocol_counted_once_more() -> None:
    host, room = "https://example.com/", 4096 - len("https://")
    longest = host + "a" * (room - len(host))
    assert _found(longest) == [longest]
    assert _found(longest + "a") == []


def test_a_refused_link_takes_its_text_along() -> None:
    assert _found(f"http://{'a' * 64}.com/b.com c.com") == ["c.com"]


def test_parentheses_balance_to_two_levels() -> None:
    assert _found("x.com/a_(b_(c)_d)_e") == ["x.com/a_(b_(c)_d)_e"]
    assert _found("(see x.com/a_(b))") == ["x.com/a_(b)"]
    assert _found("x.com/a_(b_(c_(d)))") == ["x.com/a_"]


@pytest.mark.parametrize("text", ["x@example.com", "http://x..com", "example.commm", "a.com@b", "/example.com"])
def test_no_link(text: str) -> None:
    assert _found(text) == []


def test_a_path_belongs_to_the_host_before_it() -> None:
    assert _found("a.com語.jp/x") == ["a.com"]


def test_an_accented_letter_opens_a_host() -> None:
    assert _found("été.fr") == ["été.fr"]


def test_a_host_is_reported_where_it_stands() -> None:
    (url,) = find_urls("x.みんなx.みんな")
    assert (url.start, url.end) == (5, 10)


def test_a_character_beyond_the_basic_plane_is_not_cut() -> None:
    assert _found("#𝒳.рфt.co/12") == []


def test_an_encoded_host_may_stand_beside_other_scripts() -> None:
    assert _found("xn--p1aix.みんなfoo.co.jp") == ["foo.co.jp"]
    assert _found("http://xn--はじめよう.com") == []
