"""What the public API of the ranked timeline takes and gives."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from rookery.contracts.posts import TimelineItem
from rookery.contracts.users import Id, UserBrief
from rookery.timelines.ranking.weights import HALF_LIFE_MAX_H, HALF_LIFE_MIN_H, WEIGHT_MAX

SignalName = Literal[
    "recency", "affinity", "velocity", "author_replies", "media", "language", "network", "trending", "less", "seen",
    "diversity",
]  # fmt: skip
SourceName = Literal["following", "network", "trending"]

SEEN_AT_ONCE = 100

WeightValue = Annotated[float, Meta(ge=0, le=WEIGHT_MAX)]
HalfLife = Annotated[float, Meta(ge=HALF_LIFE_MIN_H, le=HALF_LIFE_MAX_H)]


class Signal(Struct, frozen=True):
    """How much of the score a signal made, -1..1; a negative one lowered it."""

    name: SignalName
    share: float


class Why(Struct, frozen=True, kw_only=True):
    """Why an item stands where it stands, from the numbers that placed it.

    `via`: people you follow who liked or reposted it, at most 3 that you may see; `via_count`: how many in all, of the
    1,000 followees that you have most to do with. `hashtag`: for trending, the one that you engage with, else null.
    `score` compares within one ranking. `signals`: those that mattered most, at most 5.
    """

    source: SourceName
    via: list[UserBrief]
    via_count: int
    hashtag: str | None
    score: float
    signals: list[Signal]


class RankedItem(TimelineItem, frozen=True, kw_only=True):
    """A post in the ranked timeline, with its reasons."""

    why: Why


class RankedPage(Struct, frozen=True, kw_only=True):
    """`fresh_at` is when this ranking was made; following pages go on with the same one."""

    data: list[RankedItem]
    next_cursor: str | None
    fresh_at: str


class PopularPage(Struct, frozen=True, kw_only=True):
    """At most 50 posts, the hottest first: there is no second page."""

    data: list[TimelineItem]
    next_cursor: None = None


class Bounds(Struct, frozen=True):
    min: float
    max: float


class LessCounts(Struct, frozen=True):
    """How many posts were to be shown less of, and by how many authors."""

    posts: int
    authors: int


class Ranking(Struct, frozen=True, kw_only=True):
    """How a reader's timeline is ranked. A weight of 1 is the default strength, 0 switches a signal off."""

    weights: dict[str, float]
    defaults: dict[str, float]
    half_life_hours: float
    default_half_life_hours: float
    bounds: dict[str, Bounds]
    less: LessCounts


class RankingWeights(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Weights to change; null goes back to the default."""

    recency: WeightValue | UnsetType | None = UNSET
    affinity: WeightValue | UnsetType | None = UNSET
    velocity: WeightValue | UnsetType | None = UNSET
    author_replies: WeightValue | UnsetType | None = UNSET
    media: WeightValue | UnsetType | None = UNSET
    language: WeightValue | UnsetType | None = UNSET
    network: WeightValue | UnsetType | None = UNSET
    trending: WeightValue | UnsetType | None = UNSET
    diversity: WeightValue | UnsetType | None = UNSET
    seen: WeightValue | UnsetType | None = UNSET


class RankingUpdate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is absent stays; null goes back to the default."""

    weights: RankingWeights | UnsetType = UNSET
    half_life_hours: HalfLife | UnsetType | None = UNSET


class SeenPosts(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Posts that were on the screen."""

    post_ids: Annotated[list[Id], Meta(min_length=1, max_length=SEEN_AT_ONCE)]
