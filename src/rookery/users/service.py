"""The users service as this process and the others call it."""

from rookery.contracts.users import Acquaintance, Author, Followers, PictureSlot, Profile, Reader, User
from rookery.kit.resources import Resources
from rookery.users.accounts.service import Accounts
from rookery.users.graph.service import Graph
from rookery.users.profiles.service import Profiles


class Users:
    """Implements `rookery.contracts.users.UsersApi`; routes and consumers use its three parts."""

    def __init__(self, resources: Resources) -> None:
        self.accounts = Accounts(resources)
        self.profiles = Profiles(resources)
        self.graph = Graph(resources, self.profiles)

    async def reader(self, user_id: int) -> Reader:
        return await self.graph.reader(user_id)

    async def authors(self, user_ids: list[int]) -> dict[int, Author]:
        return await self.profiles.authors(user_ids)

    async def acquaintances(self, user_id: int, leave_out: list[int], limit: int) -> list[Acquaintance]:
        return await self.graph.acquaintances(user_id, leave_out, limit)

    async def requested(self, user_id: int) -> frozenset[int]:
        return await self.graph.requested(user_id)

    async def most_followed(self, limit: int) -> list[tuple[int, int]]:
        return await self.profiles.most_followed(limit)

    async def pulled_authors(self) -> frozenset[int]:
        return await self.profiles.pulled_authors()

    async def ids_by_username(self, usernames: list[str]) -> dict[str, int]:
        return await self.profiles.ids_by_username(usernames)

    async def set_picture(self, user_id: int, slot: PictureSlot, url: str | None) -> None:
        await self.profiles.set_picture(user_id, slot, url)

    async def first_followers(self, user_ids: list[int], limit: int) -> dict[int, Followers]:
        return await self.graph.first_followers(user_ids, limit)

    async def followers_after(self, user_id: int, after: int, limit: int) -> Followers:
        return await self.graph.followers_after(user_id, after, limit)

    async def users(self, viewer_id: int, user_ids: list[int]) -> list[User]:
        return await self.profiles.users(viewer_id, user_ids)

    async def profiles_of(self, user_ids: list[int]) -> list[Profile]:
        return await self.profiles.stored(user_ids)

    async def profiles_after(self, after: int, limit: int) -> list[Profile]:
        return await self.profiles.stored_after(after, limit)

    async def verifying_keys(self) -> dict[str, bytes]:
        return {key.kid: key.public.public_bytes_raw() for key in await self.accounts.keys.published()}
