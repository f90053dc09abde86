"""Posts that everybody may see: what trends and term vectors are made of."""

from collections.abc import Sequence

from rookery.contracts.posts import PostsApi, StoredPost
from rookery.contracts.users import UsersApi


class PublicPosts:
    """As they are committed, not as caches have them: an event may be handled before the caches hear of it."""

    def __init__(self, users: UsersApi, posts: PostsApi) -> None:
        self._users = users
        self._posts = posts

    async def by_id(self, post_ids: Sequence[int]) -> list[StoredPost]:
        """Those of at most 1,000 posts that are there and public."""
        return await self.among(await self._posts.stored_posts(list(post_ids)))

    async def among(self, posts: Sequence[StoredPost]) -> list[StoredPost]:
        """Those of at most 1,000 posts whose authors exist and are not protected."""
        author_ids = {post.author_id for post in posts}
        hidden = await self.hidden(sorted(author_ids))
        return [post for post in posts if post.author_id not in hidden]

    async def hidden(self, user_ids: Sequence[int]) -> set[int]:
        """Those of at most 1,000 accounts that are protected, or gone."""
        profiles = await self._users.profiles_of(list(user_ids)) if user_ids else []
        return set(user_ids) - {profile.id for profile in profiles if not profile.protected}
