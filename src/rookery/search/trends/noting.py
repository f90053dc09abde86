"""Notes what public posts speak of, as they are now: by events, and for a rebuild."""

from collections.abc import Sequence
from typing import Final

from rookery.contracts.posts import Post, PostsApi
from rookery.contracts.users import SIGNED_OUT
from rookery.kit.ids import id_ms
from rookery.search.trends.repository import TrendRepository, Use
from rookery.search.trends.topics import UNKNOWN_LANGUAGE, topics_of, words_of

POSTS_AT_ONCE: Final = 200  # as many as PostsApi.posts takes


class Noting:
    """Only what everybody may see counts, by accounts that were `account_age_ms` old when they wrote it."""

    def __init__(self, repository: TrendRepository, posts: PostsApi, account_age_ms: int) -> None:
        self._repository = repository
        self._posts = posts
        self.account_age_ms = account_age_ms

    async def note(self, post_ids: Sequence[int]) -> None:
        """Posts as they are now, instead of as they were noted; at most POSTS_AT_ONCE. Gone ones are forgotten."""
        posts = await self._posts.posts(SIGNED_OUT, list(post_ids))
        counting = [post for post in posts.values() if self._counts(post)]
        await self._repository.learn_words({word for post in counting for word in words_of(post)})
        await self._repository.replace(post_ids, [use for post in counting for use in self._uses(post)])

    def _counts(self, post: Post) -> bool:
        """Ids carry the time of what they name."""
        return id_ms(int(post.id)) - id_ms(int(post.author.id)) >= self.account_age_ms

    def _uses(self, post: Post) -> list[Use]:
        topics = topics_of(post, self._repository.stop_words)
        lang = post.lang or UNKNOWN_LANGUAGE
        return [Use(int(post.id), int(post.author.id), lang, topic) for topic in topics]
