"""The posts service: its use cases, and what it is to the other services (`contracts.posts.PostsApi`)."""

from typing import Final

from rookery.contracts.media import MediaApi, StoredMedia
from rookery.contracts.posts import Post, StoredPost, TimelineEntry
from rookery.contracts.users import Reader, UsersApi
from rookery.kit.resources import Resources
from rookery.posts.hydration import Hydration
from rookery.posts.items import Items
from rookery.posts.lists import Lists
from rookery.posts.reactions import Reactions
from rookery.posts.rendering import PostRow, stored
from rookery.posts.repository import PostRepository
from rookery.posts.threads import Threads
from rookery.posts.writing import Writing

LIKES_AT_ONCE: Final = 10_000
STORED_AT_ONCE: Final = 1_000
MEDIA_AT_ONCE: Final = 1_000


class Posts:
    """Built once per process; `users` and `media` are those services, here or elsewhere."""

    def __init__(self, resources: Resources, users: UsersApi, media: MediaApi) -> None:
        self.resources = resources
        self.users = users
        self._media = media
        self.repository = PostRepository(resources.database)
        self.hydration = Hydration(resources, users, media, self.repository)
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
        return await self._stored([row for row in await self.repository.posts(post_ids) if not row.deleted])

    async def posts_after(self, after: int, limit: int) -> list[StoredPost]:
        return await self._stored(await self.repository.posts_after(after, min(limit, STORED_AT_ONCE)))

    async def _stored(self, rows: list[PostRow]) -> list[StoredPost]:
        media_ids = [media_id for row in rows for media_id in row.media_ids]
        media: dict[int, StoredMedia] = {}
        for start in range(0, len(media_ids), MEDIA_AT_ONCE):
            media |= await self._media.stored(media_ids[start : start + MEDIA_AT_ONCE])
        return [stored(row, [media[each] for each in row.media_ids if each in media]) for row in rows]

    async def post_json(self, viewer_id: int, post_id: int) -> bytes:
        """The JSON of one Post; raises PostNotFound where the viewer may not know of it."""
        return await self.hydration.post(await self.users.reader(viewer_id), post_id)
