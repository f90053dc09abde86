"""Timelines react to new posts and reposts, and ranking to all acts on posts. The rest holds at read already.

Edits and deletions go with them to the live log, for pages that are open and not read again.
"""

from rookery.contracts.consumers import Subscription
from rookery.contracts.events import AnyEvent, PostCreated, PostDeleted, PostEdited, RepostCreated, Topic
from rookery.contracts.posts import HomeNews
from rookery.timelines.ranking import consumers as ranking
from rookery.timelines.service import Timelines

PACE_S = 0.02


def subscriptions(timelines: Timelines) -> list[Subscription]:
    async def fan_out(events: list[AnyEvent]) -> None:
        await timelines.fan_out.carry([news for event in events if (news := news_of(event)) is not None])

    return [
        Subscription(group="timelines.fan-out", topics=[Topic.POSTS], handle=fan_out, batch=100, pace_s=PACE_S),
        *ranking.subscriptions(timelines.for_you.repository, timelines.invalidations),
    ]


def news_of(event: AnyEvent) -> HomeNews | None:
    if isinstance(event, PostCreated):
        return HomeNews(event.post_id, event.author_id, event.post_id)
    if isinstance(event, PostEdited):
        return HomeNews(event.post_id, event.author_id, event.post_id, revision=event.revision)
    if isinstance(event, PostDeleted):
        return HomeNews(event.post_id, event.author_id, event.post_id, deleted=True)
    if isinstance(event, RepostCreated):
        return HomeNews(event.repost_id, event.user_id, event.post_id)
    return None
