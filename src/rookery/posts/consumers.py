"""The consumer of the posts service: likes, reposts, replies and quotes of each post, counted once per event."""

from collections.abc import Iterator
from typing import Final

from rookery.contracts.consumers import Subscription
from rookery.contracts.events import (
    AnyEvent,
    LikeCreated,
    LikeDeleted,
    PostCreated,
    PostDeleted,
    RepostCreated,
    RepostDeleted,
    Topic,
)
from rookery.posts.repository import CounterChange
from rookery.posts.service import Posts

COUNTERS_GROUP: Final = "posts.counters"
_AMOUNTS: Final = {
    LikeCreated: ("likes", 1),
    LikeDeleted: ("likes", -1),
    RepostCreated: ("reposts", 1),
    RepostDeleted: ("reposts", -1),
}

PACE_S = 0.3  # counts may lag by a second


def subscriptions(posts: Posts) -> list[Subscription]:
    async def count(events: list[AnyEvent]) -> None:
        changes = [change for event in events for change in changes_of(event)]
        if not changes:
            return
        await posts.repository.move_counters(COUNTERS_GROUP, changes)
        # Those too that were counted already: these events come again when we died after the commit.
        touched = sorted({change.post_id for change in changes})
        await posts.resources.invalidations.publish(*(f"post:{post_id}" for post_id in touched))

    return [Subscription(group=COUNTERS_GROUP, topics=[Topic.POSTS], handle=count, pace_s=PACE_S)]


def changes_of(event: AnyEvent) -> Iterator[CounterChange]:
    """What an event adds to which counters; nothing for most."""
    if isinstance(event, LikeCreated | LikeDeleted | RepostCreated | RepostDeleted):
        kind, amount = _AMOUNTS[type(event)]
        yield CounterChange(event.event_id, kind, event.post_id, amount)
    elif isinstance(event, PostCreated | PostDeleted):
        amount = 1 if isinstance(event, PostCreated) else -1
        if event.reply_to_id is not None:
            yield CounterChange(event.event_id, "replies", event.reply_to_id, amount)
        if event.quote_of_id is not None:
            yield CounterChange(event.event_id, "quotes", event.quote_of_id, amount)
