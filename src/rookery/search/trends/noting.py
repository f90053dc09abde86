"""Notes what public posts speak of, as they are now: by events, and for a rebuild."""

from collections.abc import Sequence
from typing import Final

from rookery.contracts.posts import StoredPost
from rookery.kit.ids import id_ms
from rookery.search.public_posts import PublicPosts
from rookery.search.trends.repository import TrendRepository, Use
from rookery.search.trends.topics import UNKNOWN_LANGUAGE, topics_of, words_of

POSTS_AT_ONCE: Final = 200


class Noting:
    """Only what everybody may see counts, by accounts that were `account_age_ms` old when they wrote it."""

    def __init__(self, repository: TrendRepository, public: PublicPosts, account_age_ms: int) -> None:
        self._repository = repository
        self.public = public
        self.account_age_ms = account_age_ms

    async def note(self, post_ids: Sequence[int]) -> None:
        """Posts as they are now, instead of as they were noted; at most POSTS_AT_ONCE. Gone ones are forgotten."""
        await self.write(post_ids, await self.public.by_id(post_ids))

    async def write(self, post_ids: Sequence[int], posts: Sequence[StoredPost]) -> None:
        """The same for posts that are at hand."""
        counting = [post for post in posts if self._counts(post)]
        await self._repository.learn_words({word for post in counting for word in words_of(post)})
        await self._repository.replace(post_ids, [use for post in counting for use in self._uses(post)])

    def _counts(self, post: StoredPost) -> bool:
        """Ids carry the time of what they name."""
        return id_ms(post.id) - id_ms(post.author_id) >= self.account_age_ms

    def _uses(self, post: StoredPost) -> list[Use]:
        topics = topics_of(post, self._repository.stop_words)
        return [Use(post.id, post.author_id, post.lang or UNKNOWN_LANGUAGE, topic) for topic in topics]
