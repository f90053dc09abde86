"""Whole strings: usernames, lists, hashtags, URLs, characters that no text may hold."""

import pytest

from rookery.kit.text import (
    contains_invalid_characters,
    is_valid_hashtag,
    is_valid_list,
    is_valid_url,
    is_valid_username,
)


@pytest.mark.parametrize("name", ["a", "Ada_1815", "12345", "_", "a" * 20])
def test_usernames(name: str) -> None:
    assert is_valid_username(name)


@pytest.mark.parametrize("name", ["", "@ada", "a" * 21, "ad a", "ada\n", "adä", "a-b", "１"])
def test_no_usernames(name: str) -> None:
    assert not is_valid_username(name)


@pytest.mark.parametrize("text", ["\x00", "a\x07b", "\x1f", "\r", "\ufeff", "\ufffe", "\uffff"])
def test_invalid_characters(text: str) -> None:
    assert contains_invalid_characters(text)


@pytest.mark.parametrize("text", ["", "a\tb\nc", "\u200d\u202a", "👍🏽", "\x7f"])
def test_valid_characters(text: str) -> None:
    assert not contains_invalid_characters(text)


def test_a_hashtag_is_nothing_but_a_hashtag() -> None:
    assert is_valid_hashtag("＃タグ")
    assert not any(map(is_valid_hashtag, ["", "tag", " #tag", "#tag ", "#a #b", "#12"]))


def test_a_list_is_nothing_but_a_list() -> None:
    assert is_valid_list("@ada/engines-1")
    assert not any(map(is_valid_list, ["", "ada/engines", "@ada/1", "@ada/a @ada/b", "@ada/" + "a" * 26]))


@pytest.mark.parametrize(
    "url", ["http://[::1]:80/", "https://u@example.com", "http://10.0.0.1", "HTTP://ä.example?q#f"]
)
def test_urls(url: str) -> None:
    assert is_valid_url(url)


@pytest.mark.parametrize(
    "url",
    ["", "http://", "http://localhost", "http://[::g]/", "http://a.1", "http://a.b:123456", "javascript://a.com",
     "http://a.com/ b", "http://a.com/%zz", "http://a.com\n", "http://-a.com", "http://a_b.com"],
)  # fmt: skip
def test_no_urls(url: str) -> None:
    assert not is_valid_url(url)


def test_a_protocol_is_needed_unless_told_otherwise() -> None:
    assert not is_valid_url("example.com/a")
    assert is_valid_url("example.com/a", require_protocol=False)
