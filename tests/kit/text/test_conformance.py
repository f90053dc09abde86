"""Every vector of twitter-text's extract.yml and validate.yml, each group checked by the function that it is about.

Groups and configurations: `tweets` uses version 1 (140, every code point one), `WeightedTweetsCounterTest` and
`UnicodeDirectionalMarkerCounterTest` version 2 (280, weighted, an emoji by its parts; the latter holds in 3 too),
`WeightedTweetsWithDiscountedEmojiCounterTest` version 3, which the product uses. The other groups use none.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from rookery.kit import text as kit
from rookery.kit.text.entities import find_mentions_or_lists
from rookery.kit.text.weights import COUNTING_V1, COUNTING_V2, COUNTING_V3, Counting
from tests.kit.text.vectors import Vector, groups, utf16_length

Check = Callable[[str], Any]


def _mentions_or_lists(text: str) -> list[dict[str, Any]]:
    return [
        {"screen_name": one.username, "list_slug": one.slug, "indices": [one.start, one.end]}
        for one in find_mentions_or_lists(text)
    ]


def _mentions(text: str) -> list[dict[str, Any]]:
    return [{"screen_name": one.username, "indices": [one.start, one.end]} for one in kit.extract(text).mentions]


def _hashtags(text: str) -> list[dict[str, Any]]:
    return [{"hashtag": one.tag, "indices": [one.start, one.end]} for one in kit.extract(text).hashtags]


def _cashtags(text: str) -> list[dict[str, Any]]:
    return [{"cashtag": one.symbol, "indices": [one.start, one.end]} for one in kit.extract(text).cashtags]


def _urls(text: str) -> list[dict[str, Any]]:
    return [{"url": one.url, "indices": [one.start, one.end]} for one in kit.extract(text).urls]


def _only(key: str, found: Check) -> Check:
    return lambda text: [one[key] for one in found(text)]


EXTRACT: dict[str, Check] = {
    "mentions": _only("screen_name", _mentions),
    "mentions_with_indices": _mentions,
    "mentions_or_lists_with_indices": _mentions_or_lists,
    "replies": kit.reply_username,
    "urls": _only("url", _urls),
    "urls_with_indices": _urls,
    "urls_with_directional_markers": _urls,
    "tco_urls_with_params": _only("url", _urls),
    "hashtags": _only("hashtag", _hashtags),
    "hashtags_from_astral": _only("hashtag", _hashtags),
    "hashtags_with_indices": _hashtags,
    "cashtags": _only("cashtag", _cashtags),
    "cashtags_with_indices": _cashtags,
}


def _parsed(counting: Counting) -> Check:
    """`parse`, with its code point ranges moved to the vectors' UTF-16 units."""

    def check(text: str) -> dict[str, Any]:
        result, normalised = kit.parse(text, counting), kit.normalise(text)
        valid_part = normalised[: result.valid_range_end - (len(text) - len(normalised)) + 1]
        return {
            "weightedLength": result.weighted_length,
            "valid": result.valid,
            "permillage": result.permillage,
            "displayRangeStart": result.display_range_start,
            "displayRangeEnd": utf16_length(text[: result.display_range_end + 1]) - 1,
            "validRangeStart": result.valid_range_start,
            "validRangeEnd": utf16_length(valid_part) - 1 + utf16_length(text) - utf16_length(normalised),
        }

    return check


def _is_valid_mention(text: str) -> bool:
    return text.startswith("@") and kit.is_valid_username(text[1:])


VALIDATE: dict[str, Check] = {
    "tweets": lambda text: kit.parse(text, COUNTING_V1).valid,
    "usernames": _is_valid_mention,
    "lists": kit.is_valid_list,
    "hashtags": kit.is_valid_hashtag,
    "urls": kit.is_valid_url,
    "urls_without_protocol": lambda text: kit.is_valid_url(text, require_protocol=False),
    "WeightedTweetsCounterTest": _parsed(COUNTING_V2),
    "WeightedTweetsWithDiscountedEmojiCounterTest": _parsed(COUNTING_V3),
    "UnicodeDirectionalMarkerCounterTest": _parsed(COUNTING_V2),
}

CHECKS = {"extract.yml": EXTRACT, "validate.yml": VALIDATE}
# The number of vectors in each group, so that none goes unnoticed when a file or a loader changes.
COUNTS = {
    "extract.yml": {
        "mentions": 23,
        "mentions_with_indices": 3,
        "mentions_or_lists_with_indices": 5,
        "replies": 13,
        "urls": 91,
        "urls_with_indices": 10,
        "urls_with_directional_markers": 2,
        "tco_urls_with_params": 5,
        "hashtags": 65,
        "hashtags_from_astral": 3,
        "hashtags_with_indices": 8,
        "cashtags": 8,
        "cashtags_with_indices": 2,
    },
    "validate.yml": {
        "tweets": 8,
        "usernames": 4,
        "lists": 5,
        "hashtags": 7,
        "urls": 24,
        "urls_without_protocol": 5,
        "WeightedTweetsCounterTest": 20,
        "WeightedTweetsWithDiscountedEmojiCounterTest": 22,
        "UnicodeDirectionalMarkerCounterTest": 2,
    },
}


def _cases() -> list[Any]:
    return [
        pytest.param(name, group, vector, id=f"{name}-{group}-{number}")
        for name in CHECKS
        for group, vectors in groups(name).items()
        for number, vector in enumerate(vectors)
    ]


@pytest.mark.parametrize(("name", "group", "vector"), _cases())
def test_vector(name: str, group: str, vector: Vector) -> None:
    assert CHECKS[name][group](vector["text"]) == vector["expected"], vector["description"]


@pytest.mark.parametrize("name", CHECKS)
def test_every_vector_is_collected(name: str) -> None:
    collected = Counter(case.values[1] for case in _cases() if case.values[0] == name)
    assert dict(collected) == COUNTS[name]


@pytest.mark.parametrize("name", CHECKS)
def test_every_group_passes_as_a_whole(name: str, record_property: Callable[[str, object], None]) -> None:
    passed = {
        group: sum(CHECKS[name][group](vector["text"]) == vector["expected"] for vector in vectors)
        for group, vectors in groups(name).items()
    }
    for group, count in passed.items():
        print(f"{name} {group}: {count} of {COUNTS[name][group]} vectors pass")
        record_property(f"{name}:{group}", count)
    assert passed == COUNTS[name]


def test_directional_marks_count_the_same_in_the_configuration_of_the_product() -> None:
    for vector in groups("validate.yml")["UnicodeDirectionalMarkerCounterTest"]:
        assert _parsed(COUNTING_V3)(vector["text"]) == vector["expected"]
