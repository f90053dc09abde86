"""The consumer of suggestions: posts and likes become term vectors. Repeats and replays end in the same state.

Nothing is added up: terms of a post replace those before, likes are a set, and an account's vector is made anew. So no
event needs to be remembered as consumed.
"""

from collections.abc import Iterable
from typing import Final

from rookery.contracts.consumers import Subscription
from rookery.contracts.events import (
    AnyEvent,
    LikeCreated,
    LikeDeleted,
    PostCreated,
    PostDeleted,
    PostEdited,
    Topic,
    UserUpdated,
)
from rookery.kit.ids import first_id_at, wall_clock_ms
from rookery.search.suggestions.indexing import POSTS_AT_ONCE, Indexing
from rookery.search.suggestions.repository import Like
from rookery.search.suggestions.upkeep import KEPT_MS

GROUP: Final = "search.suggestions"
PACE_S: Final = 2.0  # an account's vector is made once for all that it did meanwhile


def subscriptions(indexing: Indexing) -> list[Subscription]:
    async def handle(events: list[AnyEvent]) -> None:
        below = first_id_at(wall_clock_ms() - KEPT_MS)
        written = (event for event in events if isinstance(event, PostCreated | PostEdited | PostDeleted))
        post_ids = list(dict.fromkeys(event.post_id for event in written if event.post_id >= below))
        changed = set(await indexing.index(post_ids)) if post_ids else set()
        added = _likes((event for event in events if isinstance(event, LikeCreated)), below)
        removed = _likes((event for event in events if isinstance(event, LikeDeleted)), below)
        if added or removed:
            await indexing.change_likes(added, removed)
            changed |= {like.user_id for like in (*added, *removed)}
        if changed:
            await indexing.weigh(sorted(changed))
        if updated := sorted({event.user_id for event in events if isinstance(event, UserUpdated)}):
            await indexing.hide_protected(updated)

    topics = [Topic.POSTS, Topic.USERS]
    return [Subscription(group=GROUP, topics=topics, handle=handle, batch=POSTS_AT_ONCE, pace_s=PACE_S)]


def _likes(events: Iterable[LikeCreated | LikeDeleted], below: int) -> list[Like]:
    return [Like(event.event_id, event.user_id, event.post_id) for event in events if event.post_id >= below]
