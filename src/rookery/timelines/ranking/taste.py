"""What ranking knows of a reader: settings, affinities, interests, "show less", and what they have seen.

Personal data: it is read for that reader's own ranking alone, kept in a process for a minute at most, dropped by
`taste:<reader id>`, and gone with the account.
"""

from typing import Any, Final

import msgspec
from msgspec import Struct

from rookery.timelines.ranking.decay import fade, growth
from rookery.timelines.ranking.weights import Settings

AFFINITIES_MAX: Final = 1_000
INTERESTS_MAX: Final = 20
LESS_MAX: Final = 1_000
SEEN_MAX: Final = 1_000


class Less(Struct, frozen=True):
    post_id: int
    author_id: int
    hashtags: list[str]
    at_ms: int


class Taste(Struct, frozen=True):
    """Values are sums as `decay.py` keeps them; `current` brings them to a time. `seen` is when, by post id."""

    settings: Settings = Settings()
    affinities: dict[int, float] = {}
    hashtags: dict[str, float] = {}
    languages: dict[str, float] = {}
    less: dict[int, Less] = {}
    seen: dict[int, int] = {}

    @property
    def weight(self) -> int:
        """How many entries it holds, for the bound of the cache."""
        return len(self.affinities) + len(self.hashtags) + len(self.languages) + len(self.less) + len(self.seen) + 1

    def less_by_author(self, now_ms: int) -> dict[int, float]:
        """How often less was wished of each author, each wish fading by half in 30 days."""
        wishes: dict[int, float] = {}
        for less in self.less.values():
            wishes[less.author_id] = wishes.get(less.author_id, 0.0) + fade(now_ms - less.at_ms)
        return wishes

    def less_by_hashtag(self, now_ms: int) -> dict[str, float]:
        wishes: dict[str, float] = {}
        for less in self.less.values():
            for tag in less.hashtags:
                wishes[tag] = wishes.get(tag, 0.0) + fade(now_ms - less.at_ms)
        return wishes


def current(value: float, now_ms: int) -> float:
    """A sum as it counts at a time."""
    return value / growth(now_ms)


def taste_of(row: Any) -> Taste:
    """From the one row of the statement `taste`."""
    weights: dict[str, float] = {} if row["weights"] is None else msgspec.json.decode(row["weights"])
    less = zip(
        row["less_posts"] or (),
        row["less_authors"] or (),
        row["less_hashtags"] or (),
        row["less_at"] or (),
        strict=True,
    )
    return Taste(
        settings=Settings(weights, row["half_life_hours"]),
        affinities=_pairs(row["author_ids"], row["author_values"]),
        hashtags=_pairs(row["tags"], row["tag_values"]),
        languages=_pairs(row["langs"], row["lang_values"]),
        less={post_id: Less(post_id, author_id, tags.split(), at_ms) for post_id, author_id, tags, at_ms in less},
        seen=_pairs(row["seen_posts"], row["seen_at"]),
    )


def _pairs(keys: Any, values: Any) -> dict[Any, Any]:
    return dict(zip(keys or (), values or (), strict=True))
