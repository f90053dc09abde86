"""The social graph: the read model of readers, the lists, and the commands of `Follows` and `Blocks`."""

from collections.abc import Awaitable, Callable

from rookery.access import may_see_content
from rookery.contracts.users import SIGNED_OUT, Acquaintance, Followers, Reader
from rookery.kit.database import Connection
from rookery.kit.local_cache import LocalCache
from rookery.kit.paging import Page, encode_cursor
from rookery.kit.resources import Resources
from rookery.users.errors import Blocked, Protected
from rookery.users.graph import repository
from rookery.users.graph.blocks import Blocks
from rookery.users.graph.follows import Follows
from rookery.users.graph.repository import Place
from rookery.users.profiles.service import Profiles
from rookery.users.schemas import User

READERS_CACHED = 20_000
# Ids in all sets of all cached readers together. An id costs about 80 bytes (set slot and integer): 160 MB at worst.
READER_IDS_CACHED = 2_000_000
FOLLOWERS_AT_ONCE = 10_000
ACQUAINTANCES_AT_ONCE = 200

ListRows = Callable[[Connection, int], Awaitable[list[Place]]]  # (connection, limit) to (id, user id), newest first


class Graph(Follows, Blocks):
    """Lists are newest first, by the id of the follow, request, block or mute; `before` is such an id."""

    def __init__(self, resources: Resources, profiles: Profiles) -> None:
        super().__init__(resources)
        self._database = resources.database
        self._profiles = profiles
        self._readers = LocalCache(
            self._load_readers, size=READERS_CACHED, weigh=reader_weight, max_weight=READER_IDS_CACHED
        )
        resources.invalidations.attach("reader", self._readers)

    async def reader(self, user_id: int) -> Reader:
        """The reader as of now; SIGNED_OUT for 0."""
        if user_id == 0:
            return SIGNED_OUT
        return await self._readers.get(user_id) or Reader(id=user_id)

    async def followers_after(self, user_id: int, after: int, limit: int) -> Followers:
        """By follows with an id above `after`, at most FOLLOWERS_AT_ONCE."""
        async with self._database.connection() as connection:
            return await repository.followers_after(connection, user_id, after, min(limit, FOLLOWERS_AT_ONCE))

    async def first_followers(self, user_ids: list[int], limit: int) -> dict[int, Followers]:
        """As `followers_after` from the beginning, for several accounts in one round trip."""
        async with self._database.connection() as connection:
            return await repository.first_followers(connection, user_ids, min(limit, FOLLOWERS_AT_ONCE))

    async def acquaintances(self, user_id: int, leave_out: list[int], limit: int) -> list[Acquaintance]:
        """Whom the followees of a user follow, closest first, at most ACQUAINTANCES_AT_ONCE."""
        async with self._database.connection() as connection:
            return await repository.acquaintances(connection, user_id, leave_out, min(limit, ACQUAINTANCES_AT_ONCE))

    async def requested(self, user_id: int) -> frozenset[int]:
        """Whom a user asked to follow."""
        async with self._database.connection() as connection:
            return await repository.requested(connection, user_id)

    async def followers(self, viewer_id: int, user_id: int, before: int, limit: int) -> Page[User]:
        """Raises UserNotFound, Blocked and Protected."""
        await self._check_may_list(viewer_id, user_id)
        return await self._page(
            viewer_id, limit, lambda conn, rows: repository.followers_page(conn, user_id, viewer_id, before, rows)
        )

    async def following(self, viewer_id: int, user_id: int, before: int, limit: int) -> Page[User]:
        """Raises UserNotFound, Blocked and Protected."""
        await self._check_may_list(viewer_id, user_id)
        return await self._page(
            viewer_id, limit, lambda conn, rows: repository.following_page(conn, user_id, viewer_id, before, rows)
        )

    async def requests(self, user_id: int, before: int, limit: int) -> Page[User]:
        """Who asked to follow."""
        return await self._page(
            user_id, limit, lambda conn, rows: repository.requests_page(conn, user_id, before, rows)
        )

    async def blocked(self, user_id: int, before: int, limit: int) -> Page[User]:
        return await self._page(user_id, limit, lambda conn, rows: repository.blocks_page(conn, user_id, before, rows))

    async def muted(self, user_id: int, before: int, limit: int) -> Page[User]:
        return await self._page(user_id, limit, lambda conn, rows: repository.mutes_page(conn, user_id, before, rows))

    async def _check_may_list(self, viewer_id: int, user_id: int) -> None:
        """Whom an account follows and is followed by is seen by those who may see what it writes."""
        author = await self._profiles.author(user_id)
        reader = await self.reader(viewer_id)
        if may_see_content(reader, author):
            return
        if user_id in reader.blocked_by or user_id in reader.blocking:
            raise Blocked("Unblock this account first." if user_id in reader.blocking else "This account blocked you.")
        raise Protected("Only followers see whom this account knows.")

    async def _page(self, viewer_id: int, limit: int, rows: ListRows) -> Page[User]:
        async with self._database.connection() as connection:
            places = await rows(connection, limit + 1)
        shown = places[:limit]
        users = await self._profiles.users(viewer_id, [user_id for _, user_id in shown])
        return Page(users, encode_cursor(shown[-1][0]) if len(places) > limit else None)

    async def _load_readers(self, ids: list[int]) -> dict[int, Reader]:
        async with self._database.connection() as connection:
            return await repository.readers(connection, ids)


def reader_weight(reader: Reader) -> int:
    """How many ids a reader's sets hold."""
    return len(reader.following) + len(reader.blocking) + len(reader.blocked_by) + len(reader.muting)
