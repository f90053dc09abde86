"""What is trending, as a reader sees it, and what moderators take out of it."""

from datetime import UTC, datetime
from typing import Any, Final

from rookery.access import will_see_content
from rookery.contracts.consumers import Subscription
from rookery.contracts.posts import Post, PostsApi
from rookery.contracts.users import Reader, UsersApi
from rookery.kit.ids import format_time
from rookery.kit.jobs import Job
from rookery.kit.resources import Resources
from rookery.search.public_posts import PublicPosts
from rookery.search.trends.burst import Window
from rookery.search.trends.computing import EXAMPLES_MAX, TRENDS_MAX
from rookery.search.trends.consumers import subscriptions
from rookery.search.trends.noting import Noting
from rookery.search.trends.repository import TrendRepository
from rookery.search.trends.schemas import Trend, TrendPage
from rookery.search.trends.upkeep import jobs

EXAMPLES_SHOWN: Final = 3
USUAL_MIN: Final = 0.5  # authors: below, "times the usual" says nothing
SPANS: Final = {"1h": "hour", "24h": "24 hours"}

assert TRENDS_MAX * EXAMPLES_MAX <= 200  # noqa: S101 - what PostsApi.posts takes at once


class Trends:
    """Reads `users` for who the reader is and `posts` for what they may see."""

    def __init__(self, resources: Resources, users: UsersApi, posts: PostsApi) -> None:
        self._users = users
        self._posts = posts
        self.repository = TrendRepository(resources.database)
        self.noting = Noting(self.repository, PublicPosts(users, posts), resources.settings.trends_account_age_s * 1000)

    def subscriptions(self) -> list[Subscription]:
        return subscriptions(self.noting, self.repository)

    def jobs(self) -> list[Job]:
        return jobs(self.repository)

    async def page(self, reader_id: int, window: Window, lang: str | None, limit: int) -> TrendPage:
        """At most `limit` trends, strongest first.

        Left out: what is hidden, and what nobody whom the reader sees speaks of, as far as examples tell.
        """
        rows = await self.repository.trends(window, lang or "")
        reader = await self._users.reader(reader_id)
        examples = await self._seen(reader, [post_id for row in rows for post_id in row["example_ids"]])
        seen = ((row, [post_id for post_id in row["example_ids"] if post_id in examples]) for row in rows)
        shown = [trend(row, ids) for row, ids in seen if ids]
        computed_at = _time(rows[0]["computed_ms"]) if rows else None
        return TrendPage(data=shown[:limit], window=window, lang=lang, computed_at=computed_at)

    async def _seen(self, reader: Reader, post_ids: list[int]) -> set[int]:
        """Those posts that the reader may and will see."""
        posts: dict[int, Post] = await self._posts.posts(reader, list(dict.fromkeys(post_ids))) if post_ids else {}
        authors = await self._users.authors(list({int(post.author.id) for post in posts.values()})) if posts else {}
        return {
            post_id for post_id, post in posts.items() if will_see_content(reader, authors.get(int(post.author.id)))
        }


def trend(row: Any, example_ids: list[int]) -> Trend:
    times = None if row["usual"] < USUAL_MIN else round(row["authors"] / row["usual"], 1)
    return Trend(
        name=row["name"],
        kind=row["kind"],
        url=row["url"],
        posts_count=row["posts"],
        authors_count=row["authors"],
        usual=round(row["usual"], 2),
        times=times,
        since=_time(row["since_ms"]),
        series=row["series"],
        explanation=explanation(row["authors"], row["period"], times),
        example_post_ids=[str(post_id) for post_id in example_ids[:EXAMPLES_SHOWN]],
    )


def explanation(authors: int, window: str, times: float | None) -> str:
    """Such as "37 people in the last hour, 12 times the usual"."""
    compared = "hardly anybody before" if times is None else f"{times:,.{0 if times >= 10 else 1}f} times the usual"
    return f"{authors:,} people in the last {SPANS[window]}, {compared}"


def _time(ms: int) -> str:
    return format_time(datetime.fromtimestamp(ms / 1000, UTC))
