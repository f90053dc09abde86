"""Profiles: what people see of an account, what its owner changes, and who it is for the other services."""

import re
from collections.abc import Iterable, Sequence

import msgspec

from rookery.contracts.events import UserUpdated
from rookery.contracts.users import Author, PictureSlot, Profile
from rookery.kit.local_cache import LocalCache
from rookery.kit.problems import Unauthenticated
from rookery.kit.resources import Resources
from rookery.users.changes import changing
from rookery.users.errors import UserNotFound
from rookery.users.graph.requests import ACCEPTED_AT_ONCE, accept_oldest
from rookery.users.profiles import repository
from rookery.users.profiles.repository import Delta, EditableProfile
from rookery.users.profiles.schemas import ProfileUpdate
from rookery.users.schemas import Me, User

PROFILES_AT_ONCE = 1_000
AUTHORS_CACHED = 50_000  # about 0.5 KB each
MOST_FOLLOWED_AT_ONCE = 1_000
USERNAME = re.compile(r"[A-Za-z0-9_]{1,20}")


class Profiles:
    """Counts are read afresh with each profile; only who an author is stands in a local cache."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self._database = resources.database
        self._authors = LocalCache(self._load_authors, size=AUTHORS_CACHED)
        resources.invalidations.attach("author", self._authors)
        self._pulled = LocalCache(self._load_pulled, size=1)
        resources.invalidations.attach("pulled", self._pulled)

    async def me(self, user_id: int) -> Me:
        """Raises Unauthenticated when the account of a token is gone."""
        async with self._database.connection() as connection:
            me = await repository.me(connection, user_id)
        if me is None:
            raise Unauthenticated("This account no longer exists.")
        return me

    async def user(self, viewer_id: int, user_id: int) -> User:
        """One account as `viewer_id` (0: signed out) sees it; raises UserNotFound."""
        found = await self.users(viewer_id, [user_id])
        if not found:
            raise UserNotFound
        return found[0]

    async def user_by_username(self, viewer_id: int, username: str) -> User:
        """Without regard to case; raises UserNotFound, also for what cannot be a username."""
        if not USERNAME.fullmatch(username):
            raise UserNotFound
        async with self._database.connection() as connection:
            user = await repository.user_by_username(connection, viewer_id, username)
        if user is None:
            raise UserNotFound
        return user

    async def users(self, viewer_id: int, ids: Sequence[int]) -> list[User]:
        """The accounts that exist, in the order of `ids`."""
        if not ids:
            return []
        async with self._database.connection() as connection:
            found = await repository.users_by_id(connection, viewer_id, ids)
        return [found[user_id] for user_id in ids if user_id in found]

    async def stored(self, ids: Sequence[int]) -> list[Profile]:
        """As UsersApi.profiles_of has it."""
        async with self._database.connection() as connection:
            return await repository.stored_profiles(connection, ids)

    async def stored_after(self, after: int, limit: int) -> list[Profile]:
        """As UsersApi.profiles_after has it."""
        async with self._database.connection() as connection:
            return await repository.stored_profiles_after(connection, after, min(limit, PROFILES_AT_ONCE))

    async def authors(self, ids: Iterable[int]) -> dict[int, Author]:
        return await self._authors.get_many(ids)

    async def pulled_authors(self) -> frozenset[int]:
        return await self._pulled.get(0) or frozenset()

    async def author(self, user_id: int) -> Author:
        """Raises UserNotFound."""
        author = await self._authors.get(user_id)
        if author is None:
            raise UserNotFound
        return author

    async def ids_by_username(self, usernames: Iterable[str]) -> dict[str, int]:
        """Ids of the accounts that exist, by lower-case username."""
        wanted = {name.lower() for name in usernames if USERNAME.fullmatch(name)}
        if not wanted:
            return {}
        async with self._database.connection() as connection:
            return await repository.ids_by_username(connection, sorted(wanted))

    async def update(self, user_id: int, update: ProfileUpdate) -> Me:
        """Change what is set in `update`.

        An account that opens up accepts whoever waits: at most ACCEPTED_AT_ONCE here, the rest by the consumer of the
        event.
        """
        async with changing(self._resources) as change:
            before = await repository.lock_profile(change.connection, user_id)
            if before is None:
                raise Unauthenticated("This account no longer exists.")
            after = _updated(before, update)
            if after != before:
                await repository.update_profile(change.connection, user_id, after)
                if before.protected and not after.protected:
                    await accept_oldest(change, user_id, ACCEPTED_AT_ONCE)
                change.emit(UserUpdated(event_id=change.next_id(), user_id=user_id))
            change.outdate(f"author:{user_id}")
        return await self.me(user_id)

    async def set_picture(self, user_id: int, slot: PictureSlot, url: str | None) -> None:
        """Nothing happens to an account that is gone."""
        async with changing(self._resources) as change:
            if await repository.set_picture(change.connection, user_id, slot, url):
                change.emit(UserUpdated(event_id=change.next_id(), user_id=user_id))
            change.outdate(f"author:{user_id}")

    async def count(self, group: str, deltas: Sequence[Delta]) -> None:
        """Add what was not counted yet; authors with many followers become pulled ones, for good."""
        if not deltas:
            return
        threshold = self._resources.settings.fanout_threshold
        async with changing(self._resources) as change:
            followers = await repository.count_events(change.connection, group, deltas)
            popular = sorted(user_id for user_id, count in followers.items() if count >= threshold)
            if popular:
                pulled = await repository.mark_pulled(change.connection, popular)
                change.outdate(*(f"author:{user_id}" for user_id in pulled), *(["pulled:0"] if pulled else []))

    async def most_followed(self, limit: int) -> list[tuple[int, int]]:
        """(user id, followers) of public accounts, most first, at most MOST_FOLLOWED_AT_ONCE. Reads all counters."""
        async with self._database.connection() as connection:
            return await repository.most_followed(connection, min(limit, MOST_FOLLOWED_AT_ONCE))

    async def _load_pulled(self, _: list[int]) -> dict[int, frozenset[int]]:
        async with self._database.connection() as connection:
            return {0: await repository.pulled_authors(connection)}

    async def _load_authors(self, ids: list[int]) -> dict[int, Author]:
        async with self._database.connection() as connection:
            return await repository.authors(connection, ids)


def _updated(profile: EditableProfile, update: ProfileUpdate) -> EditableProfile:
    fields = msgspec.structs.asdict(update)
    changes = {
        name: value.strip() if isinstance(value, str) else value
        for name, value in fields.items()
        if value is not msgspec.UNSET
    }
    return msgspec.structs.replace(profile, **changes)
