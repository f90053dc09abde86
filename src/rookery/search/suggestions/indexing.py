"""Keeps the term vectors of posts and accounts as posts and likes are now: by events, and for a rebuild."""

from collections.abc import Sequence
from typing import Final

from rookery.contracts.posts import StoredPost
from rookery.search.public_posts import PublicPosts
from rookery.search.suggestions.repository import Like, PostTerms, SuggestionRepository
from rookery.search.suggestions.terms import terms_of, words_of

POSTS_AT_ONCE: Final = 200


class Indexing:
    """Vectors are made of what everybody may see."""

    def __init__(self, repository: SuggestionRepository, public: PublicPosts) -> None:
        self._repository = repository
        self.public = public

    async def index(self, post_ids: Sequence[int]) -> list[int]:
        """Posts as they are now, at most POSTS_AT_ONCE; returns the authors whose vectors change with them."""
        return await self.write(post_ids, await self.public.by_id(post_ids))

    async def write(self, post_ids: Sequence[int], posts: Sequence[StoredPost]) -> list[int]:
        """The same for posts that are at hand."""
        await self._repository.learn_words({word for post in posts for word in words_of(post)})
        vectors = [
            PostTerms(post.id, post.author_id, terms)
            for post in posts
            if (terms := terms_of(post, self._repository.stop_words))
        ]
        return await self._repository.replace(post_ids, vectors)

    async def change_likes(self, added: Sequence[Like], removed: Sequence[Like]) -> None:
        await self._repository.change_likes(added, removed)

    async def weigh(self, user_ids: Sequence[int]) -> None:
        await self._repository.weigh(user_ids)

    async def hide_protected(self, user_ids: Sequence[int]) -> None:
        """Forget what those of these accounts wrote that are protected now, or gone."""
        if hidden := await self.public.hidden(user_ids):
            await self._repository.forget_authors(sorted(hidden))
