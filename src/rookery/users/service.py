"""The users service as this process and the others call it."""

from rookery.contracts.users import Author, Reader
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

    async def pulled_authors(self) -> frozenset[int]:
        return await self.profiles.pulled_authors()

    async def ids_by_username(self, usernames: list[str]) -> dict[str, int]:
        return await self.profiles.ids_by_username(usernames)

    async def first_followers(self, user_ids: list[int], limit: int) -> dict[int, list[tuple[int, int]]]:
        return await self.graph.first_followers(user_ids, limit)

    async def followers_after(self, user_id: int, after: int, limit: int) -> list[tuple[int, int]]:
        return await self.graph.followers_after(user_id, after, limit)

    async def verifying_keys(self) -> dict[str, bytes]:
        return {key.kid: key.public.public_bytes_raw() for key in await self.accounts.keys.published()}
