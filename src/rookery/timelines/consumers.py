"""Timelines react to new posts and reposts, and ranking to all acts on posts. The rest holds at read already."""

from rookery.contracts.consumers import Subscription
from rookery.contracts.events import AnyEvent, PostCreated, RepostCreated, Topic
from rookery.contracts.posts import TimelineEntry
from rookery.timelines.ranking import consumers as ranking
from rookery.timelines.service import Timelines

PACE_S = 0.02


def subscriptions(timelines: Timelines) -> list[Subscription]:
    async def fan_out(events: list[AnyEvent]) -> None:
        await timelines.fan_out.push([entry for event in events if (entry := entry_of(event)) is not None])

    return [
        Subscription(group="timelines.fan-out", topics=[Topic.POSTS], handle=fan_out, batch=100, pace_s=PACE_S),
        *ranking.subscriptions(timelines.for_you.repository, timelines.invalidations),
    ]


def entry_of(event: AnyEvent) -> TimelineEntry | None:
    if isinstance(event, PostCreated):
        return TimelineEntry(event.post_id, event.author_id, event.post_id)
    if isinstance(event, RepostCreated):
        return TimelineEntry(event.repost_id, event.user_id, event.post_id)
    return None
