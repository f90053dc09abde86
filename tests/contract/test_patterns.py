"""Patterns of the description, which Python and ECMAScript must read alike."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from rookery.kit.patterns import END, whole
from tests.contract.description import DOCUMENT


def patterns(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(found := part.get("pattern"), str):
            yield found
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            yield from patterns(each)


def test_each_holds_for_the_whole_text() -> None:
    found = set(patterns(DOCUMENT))
    assert len(found) > 5
    assert [each for each in found if not (each.startswith("^") and each.endswith(END))] == []


@pytest.mark.parametrize("text", ["a", "\n", "a\n\n", "a\nb", "\na", "a\r", "a\u2028"])
def test_the_end_is_the_end(text: str) -> None:
    assert bool(re.search(whole("[a-z]", "a letter"), text)) is (text == "a")
