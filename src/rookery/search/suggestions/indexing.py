"""Keeps the term vectors of posts and accounts as posts and likes are now: by events, and for a rebuild."""

from collections.abc import Sequence
from typing import Final

from rookery.contracts.posts import PostsApi
from rookery.contracts.users import SIGNED_OUT, UsersApi
from rookery.search.suggestions.repository import Like, PostTerms, SuggestionRepository
from rookery.search.suggestions.terms import terms_of
from rookery.search.trends.topics import words_of

POSTS_AT_ONCE: Final = 200  # as many as PostsApi.posts takes


class Indexing:
    """Vectors are made of what everybody may see."""

    def __init__(self, repository: SuggestionRepository, users: UsersApi, posts: PostsApi) -> None:
        self._repository = repository
        self._users = users
        self._posts = posts

    async def index_posts(self, post_ids: Sequence[int]) -> list[int]:
        """Posts as they are now, at most POSTS_AT_ONCE; returns the authors whose vectors changed with them."""
        posts = await self._posts.posts(SIGNED_OUT, list(post_ids))
        await self._repository.learn_words({word for post in posts.values() for word in words_of(post)})
        vectors = [
            PostTerms(post_id, int(post.author.id), terms)
            for post_id, post in posts.items()
            if (terms := terms_of(post, self._repository.stop_words))
        ]
        return await self._repository.replace(post_ids, vectors)

    async def change_likes(self, added: Sequence[Like], removed: Sequence[Like]) -> None:
        await self._repository.change_likes(added, removed)

    async def weigh(self, user_ids: Sequence[int]) -> None:
        await self._repository.weigh(user_ids)

    async def hide_protected(self, user_ids: Sequence[int]) -> None:
        """Forget what those of these accounts wrote that are protected now, or gone."""
        authors = await self._users.authors(list(user_ids))
        hidden = [user_id for user_id in user_ids if (author := authors.get(user_id)) is None or author.protected]
        if hidden:
            await self._repository.forget_authors(hidden)
