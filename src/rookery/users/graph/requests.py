"""Follow requests that are accepted because their account opened up."""

from rookery.contracts.events import FollowCreated
from rookery.users.changes import Change
from rookery.users.graph import repository

# Two ids each, of which one process makes 256 in a millisecond: some 10 ms of ids in one transaction.
ACCEPTED_AT_ONCE = 1000


async def accept_oldest(change: Change, user_id: int, limit: int) -> int:
    """Make followers of those who asked first, at most `limit`; how many requests were taken.

    The caller holds a lock on the account's row, under which it is public. A block that happens meanwhile waits for
    the request rows and then finds the follows, because it looks for requests before it looks for follows.
    """
    follower_ids = await repository.take_requests(change.connection, user_id, limit)
    follow_ids = [change.next_id() for _ in follower_ids]
    for follower_id in await repository.insert_follows(change.connection, follow_ids, follower_ids, user_id):
        change.emit(
            FollowCreated(event_id=change.next_id(), follower_id=follower_id, followee_id=user_id, accepted=True)
        )
        change.outdate(f"reader:{follower_id}")
    return len(follower_ids)
