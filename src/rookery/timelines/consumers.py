"""Timelines react to new posts and reposts, and ranking to all acts on posts. The rest holds at read already."""

from rookery.contracts.consumers import Subscription
from rookery.contracts.events import AnyEvent, PostCreated, RepostCreated, Topic
from rookery.contracts.posts import TimelineEntry
from rookery.timelines.ranking import consumers as ranking
from rookery.timelines.service import Timelines

PACE_S = 0.02


def subscriptions(timelines: Timelines) -> list[Subscription]:
    async def fan_out(events: list[AnyEvent]) -> None:
        for event in events:
            if isinstance(event, PostCreated):
                entry = TimelineEntry(event.post_id, event.author_id, event.post_id)
            elif isinstance(event, RepostCreated):
                entry = TimelineEntry(event.repost_id, event.user_id, event.post_id)
            else:
                continue
            await timelines.fan_out.push(entry)

    return [
        Subscription(group="timelines.fan-out", topics=[Topic.POSTS], handle=fan_out, batch=100, pace_s=PACE_S),
        *ranking.subscriptions(timelines.for_you.repository, timelines.invalidations),
    ]
