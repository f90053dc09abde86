"""What the public API of trends gives."""

from typing import Literal

from msgspec import Struct

from rookery.contracts.users import Id


class Trend(Struct, frozen=True, kw_only=True):
    """A topic that more people speak of than is usual for it.

    `name`: a hashtag without its sign, a phrase as most write it, a link without scheme; `url` is the link as written.
    `posts_count` and `authors_count` are of the window; one author counts once. `usual`: authors that a window of the
    past had on average; `times`: how many times that there are now, null where hardly anybody spoke of it before.
    `since`: since when it has been trending, at the earliest its first post in the window. `series`: authors in each of
    equal slots of the window, oldest first. `example_post_ids`: by different people whom the reader sees, newest first,
    at most 3.
    """

    name: str
    kind: Literal["hashtag", "link", "phrase"]
    url: str | None
    posts_count: int
    authors_count: int
    usual: float
    times: float | None
    since: str
    series: list[int]
    explanation: str
    example_post_ids: list[Id]


class TrendPage(Struct, frozen=True, kw_only=True):
    """What is trending, strongest first; `computed_at` is null where nothing is."""

    data: list[Trend]
    next_cursor: None = None
    window: Literal["1h", "24h"]
    lang: str | None
    computed_at: str | None
