"""What search does about events. Posts and accounts are indexed as they are when the event is handled, so a replay

changes nothing; likes and reposts are counted once per event.
"""

from collections.abc import Iterator
from typing import Final

from rookery.contracts.consumers import Subscription
from rookery.contracts.events import (
    AnyEvent,
    FollowCreated,
    FollowDeleted,
    LikeCreated,
    LikeDeleted,
    PostCreated,
    PostDeleted,
    PostEdited,
    RepostCreated,
    RepostDeleted,
    Topic,
    UserCreated,
    UserUpdated,
)
from rookery.search.indexing import Indexer
from rookery.search.repository import EngagementChange

POSTS_GROUP: Final = "search.posts"
ENGAGEMENT_GROUP: Final = "search.engagement"
AUTHORS_GROUP: Final = "search.authors"

POSTS_PACE_S: Final = 0.2
COUNTS_PACE_S: Final = 1.0  # counts may lag by a second


def subscriptions(indexer: Indexer) -> list[Subscription]:
    async def index_posts(events: list[AnyEvent]) -> None:
        changed = {
            event.post_id: event.author_id
            for event in events
            if isinstance(event, PostCreated | PostEdited | PostDeleted)
        }
        if changed:
            await indexer.refresh_posts(changed)

    async def count(events: list[AnyEvent]) -> None:
        changes = [change for event in events for change in changes_of(event)]
        if changes:
            await indexer.repository.count_engagement(ENGAGEMENT_GROUP, changes)

    async def index_authors(events: list[AnyEvent]) -> None:
        changed = {event.user_id for event in events if isinstance(event, UserCreated | UserUpdated)}
        followed = {event.followee_id for event in events if isinstance(event, FollowCreated | FollowDeleted)}
        if changed:
            await indexer.refresh_authors(sorted(changed), have_changed=True)
        if followed - changed:
            await indexer.refresh_authors(sorted(followed - changed), have_changed=False)

    return [
        Subscription(group=POSTS_GROUP, topics=[Topic.POSTS], handle=index_posts, pace_s=POSTS_PACE_S),
        Subscription(group=ENGAGEMENT_GROUP, topics=[Topic.POSTS], handle=count, pace_s=COUNTS_PACE_S),
        Subscription(group=AUTHORS_GROUP, topics=[Topic.USERS], handle=index_authors, pace_s=COUNTS_PACE_S),
    ]


def changes_of(event: AnyEvent) -> Iterator[EngagementChange]:
    match event:
        case LikeCreated(event_id=event_id, post_id=post_id):
            yield EngagementChange(event_id, post_id, likes=1)
        case LikeDeleted(event_id=event_id, post_id=post_id):
            yield EngagementChange(event_id, post_id, likes=-1)
        case RepostCreated(event_id=event_id, post_id=post_id):
            yield EngagementChange(event_id, post_id, reposts=1)
        case RepostDeleted(event_id=event_id, post_id=post_id):
            yield EngagementChange(event_id, post_id, reposts=-1)
