"""The consumer of trends: what posts speak of, noted as it is now. Repeats and replays change nothing."""

from typing import Final

from rookery.contracts.consumers import Subscription
from rookery.contracts.events import AnyEvent, PostCreated, PostDeleted, PostEdited, Topic, UserUpdated
from rookery.kit.ids import id_ms, wall_clock_ms
from rookery.search.trends.noting import POSTS_AT_ONCE, Noting
from rookery.search.trends.repository import KEPT_MS, TrendRepository

GROUP: Final = "search.trends"
PACE_S: Final = 2.0  # trends are computed once a minute


def subscriptions(noting: Noting, repository: TrendRepository) -> list[Subscription]:
    async def handle(events: list[AnyEvent]) -> None:
        written = (event for event in events if isinstance(event, PostCreated | PostEdited | PostDeleted))
        recent = wall_clock_ms() - KEPT_MS
        if post_ids := list(dict.fromkeys(event.post_id for event in written if id_ms(event.post_id) >= recent)):
            await noting.note(post_ids)
        if changed := list({event.user_id for event in events if isinstance(event, UserUpdated)}):
            await repository.forget_authors(sorted(await noting.public.hidden(changed)))

    topics = [Topic.POSTS, Topic.USERS]
    return [Subscription(group=GROUP, topics=topics, handle=handle, batch=POSTS_AT_ONCE, pace_s=PACE_S)]
