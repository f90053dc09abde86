"""The posts service: its use cases, and what it is to the other services (`contracts.posts.PostsApi`)."""

from rookery.contracts.cards import CardsApi
from rookery.contracts.posts import Post, TimelineEntry
from rookery.contracts.users import Reader, UsersApi
from rookery.kit.resources import Resources
from rookery.posts.hydration import Hydration
from rookery.posts.items import Items
from rookery.posts.lists import Lists
from rookery.posts.reactions import Reactions
from rookery.posts.repository import PostRepository
from rookery.posts.threads import Threads
from rookery.posts.writing import Writing


class Posts:
    """Built once per process; `users` and `cards` are those services, here or elsewhere."""

    def __init__(self, resources: Resources, users: UsersApi, cards: CardsApi) -> None:
        self.resources = resources
        self.users = users
        self.repository = PostRepository(resources.database)
        self.hydration = Hydration(resources, users, cards, self.repository)
        self.items = Items(resources, users, self.repository, self.hydration)
        self.writing = Writing(resources, users, self.repository, self.hydration)
        self.lists = Lists(users, self.repository, self.hydration)
        self.threads = Threads(users, self.repository, self.hydration)
        self.reactions = Reactions(resources, users, self.repository, self.hydration)

    async def items_json(self, reader: Reader, entries: list[TimelineEntry]) -> list[tuple[TimelineEntry, bytes]]:
        return await self.items.json(reader, entries)

    async def posts(self, reader: Reader, post_ids: list[int]) -> dict[int, Post]:
        return await self.hydration.posts(reader, post_ids)

    async def post_json(self, viewer_id: int, post_id: int) -> bytes:
        """The JSON of one Post; raises PostNotFound where the viewer may not know of it."""
        return await self.hydration.post(await self.users.reader(viewer_id), post_id)
