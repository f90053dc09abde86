"""Use cases of marks on posts: like, repost, bookmark, and taking them back.

Each is idempotent: it says what shall be, and only a real change writes an event. The answer is the post with the
reader's flags as they are now; the counters follow when the consumers have counted.
"""

from collections.abc import Awaitable, Callable

from rookery.access import may_repost, may_see_content
from rookery.contracts.events import LikeCreated, LikeDeleted, RepostCreated, RepostDeleted
from rookery.contracts.users import UsersApi
from rookery.kit.resources import Resources
from rookery.posts.errors import PostNotFound, ProtectedPost
from rookery.posts.hydration import Hydration, View
from rookery.posts.rendering import Rendering
from rookery.posts.repository import PostRepository

Change = Callable[[View, Rendering], Awaitable[bool]]


class Reactions:
    """Marks of one user on one post. Two round trips to PostgreSQL with warm caches: the change, the new marks."""

    def __init__(self, resources: Resources, users: UsersApi, repository: PostRepository, hydration: Hydration) -> None:
        self._resources = resources
        self._users = users
        self._repository = repository
        self._hydration = hydration

    async def like(self, user_id: int, post_id: int) -> bytes:
        """The like is bound to the revision that the liker was shown."""

        async def change(_: View, post: Rendering) -> bool:
            event = LikeCreated(
                event_id=self._resources.ids.next(),
                post_id=post_id,
                author_id=post.author_id,
                user_id=user_id,
                revision=post.revision,
            )
            return await self._repository.create_like(self._resources.ids.next(), event)

        return await self._mark(user_id, post_id, change)

    async def unlike(self, user_id: int, post_id: int) -> bytes:
        async def change(_: View, post: Rendering) -> bool:
            event = LikeDeleted(
                event_id=self._resources.ids.next(), post_id=post_id, author_id=post.author_id, user_id=user_id
            )
            return await self._repository.delete_like(event)

        return await self._mark(user_id, post_id, change)

    async def repost(self, user_id: int, post_id: int) -> bytes:
        """Raises ProtectedPost where the author's followers are the only ones who may see the post."""

        async def change(view: View, post: Rendering) -> bool:
            if not may_repost(view.reader, view.authors.get(post.author_id)):
                raise ProtectedPost
            event = RepostCreated(
                event_id=self._resources.ids.next(),
                repost_id=self._resources.ids.next(),
                post_id=post_id,
                author_id=post.author_id,
                user_id=user_id,
            )
            return await self._repository.create_repost(event, post.revision)

        return await self._mark(user_id, post_id, change, f"reposts:{post_id}")

    async def unrepost(self, user_id: int, post_id: int) -> bytes:
        async def change(_: View, post: Rendering) -> bool:
            repost_id = await self._repository.find_repost(user_id, post_id)
            if repost_id is None:
                return False
            event = RepostDeleted(
                event_id=self._resources.ids.next(),
                repost_id=repost_id,
                post_id=post_id,
                author_id=post.author_id,
                user_id=user_id,
            )
            return await self._repository.delete_repost(event)

        return await self._mark(user_id, post_id, change, f"reposts:{post_id}")

    async def bookmark(self, user_id: int, post_id: int) -> bytes:
        """Bookmarks are known to nobody else: no event."""

        async def change(_: View, __: Rendering) -> bool:
            return await self._repository.create_bookmark(self._resources.ids.next(), user_id, post_id)

        return await self._mark(user_id, post_id, change)

    async def unbookmark(self, user_id: int, post_id: int) -> bytes:
        async def change(_: View, __: Rendering) -> bool:
            return await self._repository.delete_bookmark(user_id, post_id)

        return await self._mark(user_id, post_id, change)

    async def _mark(self, user_id: int, post_id: int, change: Change, *stale: str) -> bytes:
        """Do `change` to a post that the user may see, and tell who keeps copies.

        They are told too when there was nothing to do: this may repeat a request that was committed and never answered.
        """
        reader = await self._users.reader(user_id)
        view = await self._hydration.view(reader, [post_id], may_see_content)
        post = view.rendering(post_id)
        if post is None:
            raise PostNotFound
        changed = await change(view, post)
        await self._resources.invalidations.publish(f"marks:{user_id}", *stale)
        if changed:
            self._resources.waker.wake()
        return await self._hydration.post(reader, post_id)
