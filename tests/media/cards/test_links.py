"""One spelling for what is one page; nothing for what nobody should ask."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rookery.media.cards.links import read_link


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://example.org", "https://example.org/"),
        ("HTTPS://EXAMPLE.org:443/#part", "https://example.org/"),
        ("http://example.org:80/a", "http://example.org/a"),
        ("http://example.org:8080/a", "http://example.org:8080/a"),
        ("example.org/a?b=c", "https://example.org/a?b=c"),
        ("example.org/a?u=http://x.org/", "https://example.org/a?u=http://x.org/"),
        ("https://example.org./a", "https://example.org/a"),
        ("https://example.org/ä b?ö=%c3%b6&p=100%", "https://example.org/%C3%A4%20b?%C3%B6=%C3%B6&p=100%25"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("http://[2606:4700::1111]/", "http://[2606:4700::1111]/"),
    ],
)
def test_spellings(text: str, url: str) -> None:
    link = read_link(text)
    assert link is not None
    assert link.url == url
    assert read_link(url) == link


@pytest.mark.parametrize(
    "text",
    [
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://example.org/",
        "javascript://example.org/%0aalert(1)",
        "https://user:secret@example.org/",
        "https://example.org@evil.example/",
        "https:///path",
        "https://exa mple.org/",
        "https://example.org:0/",
        "https://example.org:99999/",
        "https://exam\u2028ple.org/",
        "https://[::1/",
        "https://example.org/" + "a" * 2100,
    ],
)
def test_refused(text: str) -> None:
    assert read_link(text) is None


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/b", "https://example.org/b"),
        ("b?c", "https://example.org/x/b?c"),
        ("//other.example/", "https://other.example/"),
        ("http://other.example", "http://other.example/"),
    ],
)
def test_relative_to_a_base(location: str, url: str) -> None:
    base = read_link("https://example.org/x/a")
    assert base is not None
    found = read_link(location, base)
    assert found is not None
    assert found.url == url


@given(st.text(max_size=60))
def test_a_link_reads_as_itself(text: str) -> None:
    link = read_link(f"https://example.org/{text}")
    if link is not None:
        assert read_link(link.url) == link
        assert link.url.isascii()
        assert link.host == "example.org" or "@" not in link.url.split("/")[2]
