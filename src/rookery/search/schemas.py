"""What the public API of search gives."""

from typing import Literal

from msgspec import Struct

from rookery.contracts.posts import Post
from rookery.contracts.users import UserBrief

Order = Literal["relevance", "latest"]


class Range(Struct, frozen=True):
    """A part of a post's content: `start` inclusive, `end` exclusive, in code points."""

    start: int
    end: int


class FoundPost(Post, frozen=True, kw_only=True):
    """A post, the part of it to show where there is little room, and what of its content was looked for, in order."""

    snippet: Range
    highlights: list[Range]


class FoundHashtag(Struct, frozen=True, kw_only=True):
    """A hashtag without its sign, with what public accounts did with it in the last seven days.

    Counted are the newest 2,000 uses at most. `authors_count` is how many accounts they are of.
    """

    tag: str
    posts_count: int
    authors_count: int


class SuggestedUser(UserBrief, frozen=True, kw_only=True):
    following: bool


class SuggestedOperator(Struct, frozen=True, kw_only=True):
    """What may be typed on: `name` with its colon, what stands behind it, and an example."""

    name: str
    expected: str
    example: str
    help: str


class Typeahead(Struct, frozen=True, kw_only=True):
    """What the beginning of a search may become, each list best first."""

    users: list[SuggestedUser]
    hashtags: list[FoundHashtag]
    operators: list[SuggestedOperator]
