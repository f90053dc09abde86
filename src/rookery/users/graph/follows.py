"""Following: at once or by request, and its end from either side.

Every command holds the lock of its pair, so that follow, unfollow, accept and block of the same two accounts happen one
after the other, and none leaves a follow beside a block.
"""

from rookery.contracts.events import FollowCreated, FollowDeleted, FollowRequestDeleted, FollowRequested
from rookery.kit.resources import Resources
from rookery.users.changes import Change, changing
from rookery.users.errors import Blocked, FollowingLimit, OwnAccount, RequestNotFound, UserNotFound
from rookery.users.graph import repository
from rookery.users.graph.requests import ACCEPTED_AT_ONCE, accept_oldest
from rookery.users.profiles.repository import relationship
from rookery.users.schemas import Relationship


class Follows:
    """Commands; each is idempotent and emits one event for each real change."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources

    async def follow(self, follower_id: int, followee_id: int) -> Relationship:
        """Follow, or ask to follow when the account is protected.

        Raises OwnAccount, UserNotFound, Blocked (in either direction) and FollowingLimit (which counts requests too,
        so that accepting them never exceeds it).
        """
        if follower_id == followee_id:
            raise OwnAccount("Nobody follows themselves.")
        async with changing(self._resources) as change:
            await repository.lock_following(change.connection, follower_id)
            await repository.lock_pair(change.connection, follower_id, followee_id)
            state = await repository.lock_followee(change.connection, follower_id, followee_id)
            if state is None:
                raise UserNotFound
            if state.blocked:
                raise Blocked("You cannot follow this account.")
            if not state.following:
                await self._begin(change, follower_id, followee_id, state)
            change.outdate(f"reader:{follower_id}")
            return await related(change, follower_id, followee_id)

    async def _begin(self, change: Change, follower_id: int, followee_id: int, state: repository.FollowState) -> None:
        limit = self._resources.settings.following_max
        if not state.requested and state.used >= limit:
            raise FollowingLimit(f"At most {limit} accounts can be followed.")
        connection = change.connection
        if state.protected:
            if await repository.insert_request(connection, change.next_id(), follower_id, followee_id):
                change.emit(
                    FollowRequested(event_id=change.next_id(), follower_id=follower_id, followee_id=followee_id)
                )
            return
        accepted = state.requested and await repository.delete_request(connection, follower_id, followee_id)
        if await repository.insert_follows(connection, [change.next_id()], [follower_id], followee_id):
            change.emit(
                FollowCreated(
                    event_id=change.next_id(), follower_id=follower_id, followee_id=followee_id, accepted=accepted
                )
            )

    async def unfollow(self, follower_id: int, followee_id: int) -> Relationship:
        """End a follow, or cancel the request for one. Raises OwnAccount and UserNotFound."""
        if follower_id == followee_id:
            raise OwnAccount("Nobody follows themselves.")
        async with changing(self._resources) as change:
            await self._end(change, follower_id, followee_id)
            return await related(change, follower_id, followee_id)

    async def remove_follower(self, user_id: int, follower_id: int) -> None:
        """Make somebody a follower no longer; harmless when they are none."""
        async with changing(self._resources) as change:
            await repository.lock_pair(change.connection, user_id, follower_id)
            await self._delete_follow(change, follower_id, user_id)

    async def accept(self, user_id: int, follower_id: int) -> None:
        """Let somebody follow who asked; harmless when they do already. Raises RequestNotFound."""
        async with changing(self._resources) as change:
            connection = change.connection
            await repository.lock_pair(connection, user_id, follower_id)
            change.outdate(f"reader:{follower_id}")
            if not await repository.delete_request(connection, follower_id, user_id):
                if not await repository.follows(connection, follower_id, user_id):
                    raise RequestNotFound
                return
            if await repository.insert_follows(connection, [change.next_id()], [follower_id], user_id):
                change.emit(
                    FollowCreated(
                        event_id=change.next_id(), follower_id=follower_id, followee_id=user_id, accepted=True
                    )
                )

    async def refuse(self, user_id: int, follower_id: int) -> None:
        """Refuse a request; harmless when there is none."""
        async with changing(self._resources) as change:
            await repository.lock_pair(change.connection, user_id, follower_id)
            await self._delete_request(change, follower_id, user_id)

    async def accept_all(self, user_id: int) -> None:
        """Accept whoever still waits for an account that is public now; nothing when it is protected."""
        taken = ACCEPTED_AT_ONCE
        while taken == ACCEPTED_AT_ONCE:
            async with changing(self._resources) as change:
                if not await repository.lock_if_public(change.connection, user_id):
                    return
                taken = await accept_oldest(change, user_id, ACCEPTED_AT_ONCE)

    async def _end(self, change: Change, follower_id: int, followee_id: int) -> None:
        await repository.lock_pair(change.connection, follower_id, followee_id)
        await self._delete_request(change, follower_id, followee_id)
        await self._delete_follow(change, follower_id, followee_id)

    async def _delete_request(self, change: Change, follower_id: int, followee_id: int) -> None:
        if await repository.delete_request(change.connection, follower_id, followee_id):
            change.emit(
                FollowRequestDeleted(event_id=change.next_id(), follower_id=follower_id, followee_id=followee_id)
            )

    async def _delete_follow(self, change: Change, follower_id: int, followee_id: int) -> None:
        if await repository.delete_follow(change.connection, follower_id, followee_id):
            change.emit(FollowDeleted(event_id=change.next_id(), follower_id=follower_id, followee_id=followee_id))
        change.outdate(f"reader:{follower_id}")


async def related(change: Change, viewer_id: int, user_id: int) -> Relationship:
    """How the viewer stands to the other now, inside the command; raises UserNotFound."""
    found = await relationship(change.connection, viewer_id, user_id)
    if found is None:
        raise UserNotFound
    return found
