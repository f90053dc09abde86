"""Hostile texts take time in proportion to their length.

Four times the text may cost at most nine times the CPU time: about four where the work is linear, sixteen where it is
quadratic. Only the ratio is asserted, of the best of up to five tries, so the speed of the machine does not matter.
"""

import time
from collections.abc import Callable
from typing import Any

import pytest

from rookery.kit.text import extract, is_valid_url, parse, reply_username

SMALL, FACTOR, BOUND = 25_000, 4, 9
RESOLUTION_S = 0.002  # below this a measurement says nothing

REPEATED = [
    "@a", "@", "#", "#a", "#1", "$A", " $A.", "RT@", "@a/b", ".", "..", "a.", "_a.", "あ.", "a", "1", "あ", "é", "_",
    "-", "http://", "http://a.", "https://a.com", "a.com", "a.com ", "a.com..", "あb.com", "あ.com..", "a.com語",
    "a.com語.jp/x ", "(", "((a)", "a.co/(", "a.co/((a)", "a.co/(a(b)", "a.co/!", "a.co?!", "a.com:8", "xn--a.",
    "é_é.com ",
    "👨\u200d", "☺\ufe0f", "🇩", "a\u0301", "\u0301", "\r", "\x00", " ",
]  # fmt: skip
FRAMED = ["http://{}.com", "a.co/({}", "a.co/(({})", "a.co?{}", "#{}", "@{}", "@a/{}", "$A.{}", "http://{}"]


def _cpu_s(function: Callable[[str], Any], text: str) -> float:
    before = time.process_time()
    function(text)
    return time.process_time() - before


def _assert_linear(function: Callable[[str], Any], make: Callable[[int], str]) -> None:
    small_text, large_text = make(SMALL), make(SMALL * FACTOR)
    small = large = float("inf")
    for _ in range(5):
        small = min(small, _cpu_s(function, small_text))
        large = min(large, _cpu_s(function, large_text))
        if large <= BOUND * max(small, RESOLUTION_S):
            return
    pytest.fail(f"{FACTOR} times the text took {large / small:.1f} times the CPU time")


@pytest.mark.parametrize("function", [extract, parse])
@pytest.mark.parametrize("unit", REPEATED, ids=ascii)
def test_repetition(unit: str, function: Callable[[str], Any]) -> None:
    _assert_linear(function, lambda length: (unit * length)[:length])


@pytest.mark.parametrize("function", [extract, parse])
@pytest.mark.parametrize("frame", FRAMED)
@pytest.mark.parametrize("filling", ["a", "1", "あ", "a.", "!", "-"])
def test_one_long_part(frame: str, filling: str, function: Callable[[str], Any]) -> None:
    _assert_linear(function, lambda length: frame.format((filling * length)[:length]))


@pytest.mark.parametrize("text", ["http://{}", "http://a.com/{}", "http://{}@a.com", "http://a.com?{}"])
@pytest.mark.parametrize("filling", ["a", "a.", "a-", "/", "%", "あ", ":", "@"])
def test_a_long_url_to_validate(text: str, filling: str) -> None:
    _assert_linear(is_valid_url, lambda length: text.format((filling * length)[:length]) + " ")


def test_a_long_reply_prefix() -> None:
    _assert_linear(reply_username, lambda length: " " * length)
