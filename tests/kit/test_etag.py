"""ETags and If-None-Match."""

import pytest

from rookery.kit.etag import etag_of, matches


def test_a_tag_is_weak_and_names_the_content() -> None:
    assert etag_of(b"a") == etag_of(b"a")
    assert etag_of(b"a") != etag_of(b"b")
    assert etag_of(b"a").startswith('W/"')


@pytest.mark.parametrize("header", ['W/"1"', '"1"', '"0", W/"1"', '"0","1"', " * "])
def test_matches(header: str) -> None:
    assert matches(header, 'W/"1"')


@pytest.mark.parametrize("header", [None, "", '"2"', 'W/"', "1", '"1', "**"])
def test_does_not_match(header: str | None) -> None:
    assert not matches(header, 'W/"1"')
