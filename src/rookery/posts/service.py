"""The posts service: its use cases, and what it is to the other services (`contracts.posts.PostsApi`)."""

from typing import Final

from rookery.contracts.cards import CardsApi
from rookery.contracts.media import MediaApi
from rookery.contracts.posts import Post, StoredPost, TimelineEntry
from rookery.contracts.users import Reader, UsersApi
from rookery.kit.resources import Resources
from rookery.posts.hydration import Hydration
from rookery.posts.items import Items
from rookery.posts.lists import Lists
from rookery.posts.reactions import Reactions
from rookery.posts.rendering import stored
from rookery.posts.repository import PostRepository
from rookery.posts.threads import Threads
from rookery.posts.writing import Writing

LIKES_AT_ONCE: Final = 10_000
STORED_AT_ONCE: Final = 1_000


class Posts:
    """Built once per process; `users`, `media` and `cards` are those services, here or elsewhere."""

    def __init__(self, resources: Resources, users: UsersApi, media: MediaApi, cards: CardsApi) -> None:
        self.resources = resources
        self.users = users
        self.repository = PostRepository(resources.database)
        self.hydration = Hydration(resources, users, media, cards, self.repository)
        self.items = Items(resources, users, self.repository, self.hydration)
        self.writing = Writing(resources, users, media, self.repository, self.hydration)
        self.lists = Lists(users, self.repository, self.hydration)
        self.threads = Threads(users, self.repository, self.hydration)
        self.reactions = Reactions(resources, users, self.repository, self.hydration)

    async def items_json(self, reader: Reader, entries: list[TimelineEntry]) -> list[tuple[TimelineEntry, bytes]]:
        return await self.items.json(reader, entries)

    async def posts(self, reader: Reader, post_ids: list[int]) -> dict[int, Post]:
        return await self.hydration.posts(reader, post_ids)

    async def likes_after(self, after: tuple[int, int], limit: int) -> list[tuple[int, int, int]]:
        return await self.repository.likes_after(after, min(limit, LIKES_AT_ONCE))

    async def stored_posts(self, post_ids: list[int]) -> list[StoredPost]:
        return [stored(row) for row in await self.repository.posts(post_ids) if not row.deleted]

    async def posts_after(self, after: int, limit: int) -> list[StoredPost]:
        return [stored(row) for row in await self.repository.posts_after(after, min(limit, STORED_AT_ONCE))]

    async def post_json(self, viewer_id: int, post_id: int) -> bytes:
        """The JSON of one Post; raises PostNotFound where the viewer may not know of it."""
        return await self.hydration.post(await self.users.reader(viewer_id), post_id)
