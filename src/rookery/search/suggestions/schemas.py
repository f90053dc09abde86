"""What the public API of suggestions gives."""

from typing import Literal

from msgspec import Struct

from rookery.contracts.posts import TimelineItem
from rookery.contracts.users import UserBrief

Source = Literal["network", "similar", "popular"]


class SuggestionWhy(Struct, frozen=True, kw_only=True):
    """Why an account is suggested, from what placed it.

    `source` is the stronger reason. `via`: people you follow who follow it, at most 3; `via_count`: how many in all, of
    the 200 whom you followed last, by whom each of them followed last. `terms`: what you both write about or like, at
    most 3. `followers_count` where it is suggested for being popular, else null.
    """

    source: Source
    via: list[UserBrief]
    via_count: int
    terms: list[str]
    followers_count: int | None


class Suggestion(Struct, frozen=True, kw_only=True):
    """An account that the reader may want to follow."""

    user: UserBrief
    why: SuggestionWhy


class SuggestionPage(Struct, frozen=True, kw_only=True):
    """At most 50 suggestions, the best first: there is no second page."""

    data: list[Suggestion]
    next_cursor: None = None


class SimilarPostPage(Struct, frozen=True, kw_only=True):
    """At most 50 posts, the most similar first: there is no second page."""

    data: list[TimelineItem]
    next_cursor: None = None
