"""What the users service does about events: counters of accounts, and requests that an opened account leaves."""

from rookery.contracts.consumers import Subscription
from rookery.contracts.events import (
    AnyEvent,
    FollowCreated,
    FollowDeleted,
    PostCreated,
    PostDeleted,
    Topic,
    UserUpdated,
)
from rookery.users.profiles.repository import Delta
from rookery.users.service import Users

COUNTERS_GROUP = "users.counters"
REQUESTS_GROUP = "users.requests"
PACE_S = 0.3  # counts may lag by a second


def subscriptions(users: Users) -> list[Subscription]:
    async def count(events: list[AnyEvent]) -> None:
        await users.profiles.count(COUNTERS_GROUP, [delta for event in events for delta in deltas_of(event)])

    async def accept_pending(events: list[AnyEvent]) -> None:
        for user_id in sorted({event.user_id for event in events if isinstance(event, UserUpdated)}):
            await users.graph.accept_all(user_id)

    return [
        Subscription(group=COUNTERS_GROUP, topics=[Topic.USERS, Topic.POSTS], handle=count, pace_s=PACE_S),
        Subscription(group=REQUESTS_GROUP, topics=[Topic.USERS], handle=accept_pending, pace_s=PACE_S),
    ]


def deltas_of(event: AnyEvent) -> list[Delta]:
    """What an event adds to whose counters."""
    match event:
        case FollowCreated(event_id=event_id, follower_id=follower_id, followee_id=followee_id):
            return _follow_deltas(event_id, follower_id, followee_id, 1)
        case FollowDeleted(event_id=event_id, follower_id=follower_id, followee_id=followee_id):
            return _follow_deltas(event_id, follower_id, followee_id, -1)
        case PostCreated(event_id=event_id, author_id=author_id):
            return [Delta(event_id=event_id, user_id=author_id, posts=1)]
        case PostDeleted(event_id=event_id, author_id=author_id):
            return [Delta(event_id=event_id, user_id=author_id, posts=-1)]
        case _:
            return []


def _follow_deltas(event_id: int, follower_id: int, followee_id: int, number: int) -> list[Delta]:
    return [
        Delta(event_id=event_id, user_id=follower_id, following=number),
        Delta(event_id=event_id, user_id=followee_id, followers=number),
    ]
