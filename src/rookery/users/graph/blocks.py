"""Blocks and mutes. A block ends follows and requests in both directions; a mute is known to nobody else."""

from rookery.contracts.events import (
    BlockCreated,
    BlockDeleted,
    FollowDeleted,
    FollowRequestDeleted,
    MuteCreated,
    MuteDeleted,
)
from rookery.kit.resources import Resources
from rookery.users.changes import Change, changing
from rookery.users.errors import OwnAccount
from rookery.users.graph import repository
from rookery.users.graph.follows import related
from rookery.users.schemas import Relationship


class Blocks:
    """Commands; each is idempotent, raises OwnAccount and UserNotFound, and emits one event for each real change."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources

    async def block(self, user_id: int, target_id: int) -> Relationship:
        self._check(user_id, target_id)
        async with changing(self._resources) as change:
            connection = change.connection
            await repository.lock_pair(connection, user_id, target_id)
            await self._end_requests(change, user_id, target_id)
            await self._end_follows(change, user_id, target_id)
            if await repository.insert_block(connection, change.next_id(), user_id, target_id):
                change.emit(BlockCreated(event_id=change.next_id(), user_id=user_id, target_id=target_id))
            change.outdate(f"reader:{user_id}", f"reader:{target_id}")
            return await related(change, user_id, target_id)

    async def unblock(self, user_id: int, target_id: int) -> Relationship:
        self._check(user_id, target_id)
        async with changing(self._resources) as change:
            await repository.lock_pair(change.connection, user_id, target_id)
            if await repository.delete_block(change.connection, user_id, target_id):
                change.emit(BlockDeleted(event_id=change.next_id(), user_id=user_id, target_id=target_id))
            change.outdate(f"reader:{user_id}", f"reader:{target_id}")
            return await related(change, user_id, target_id)

    async def mute(self, user_id: int, target_id: int) -> Relationship:
        self._check(user_id, target_id)
        async with changing(self._resources) as change:
            await repository.lock_pair(change.connection, user_id, target_id)
            if await repository.insert_mute(change.connection, change.next_id(), user_id, target_id):
                change.emit(MuteCreated(event_id=change.next_id(), user_id=user_id, target_id=target_id))
            change.outdate(f"reader:{user_id}")
            return await related(change, user_id, target_id)

    async def unmute(self, user_id: int, target_id: int) -> Relationship:
        self._check(user_id, target_id)
        async with changing(self._resources) as change:
            await repository.lock_pair(change.connection, user_id, target_id)
            if await repository.delete_mute(change.connection, user_id, target_id):
                change.emit(MuteDeleted(event_id=change.next_id(), user_id=user_id, target_id=target_id))
            change.outdate(f"reader:{user_id}")
            return await related(change, user_id, target_id)

    def _check(self, user_id: int, target_id: int) -> None:
        if user_id == target_id:
            raise OwnAccount("Nobody blocks or mutes themselves.")

    async def _end_requests(self, change: Change, user_id: int, target_id: int) -> None:
        """Before the follows: a request that is being accepted is then waited for, and its follow is found."""
        for follower_id, followee_id in await repository.delete_requests_between(change.connection, user_id, target_id):
            change.emit(
                FollowRequestDeleted(event_id=change.next_id(), follower_id=follower_id, followee_id=followee_id)
            )

    async def _end_follows(self, change: Change, user_id: int, target_id: int) -> None:
        for follower_id, followee_id in await repository.delete_follows_between(change.connection, user_id, target_id):
            change.emit(FollowDeleted(event_id=change.next_id(), follower_id=follower_id, followee_id=followee_id))
