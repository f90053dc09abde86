"""What events come to in the read models of ranking: acts on posts, posts written, replies by authors."""

from collections.abc import Iterable
from math import log2
from typing import Final, NamedTuple

from rookery.contracts.events import (
    AnyEvent,
    LikeCreated,
    LikeDeleted,
    PostCreated,
    PostDeleted,
    RepostCreated,
    RepostDeleted,
)
from rookery.kit.ids import id_ms
from rookery.timelines.ranking.decay import HEAT_HALF_LIFE_MS, LANDMARK_MS, growth
from rookery.timelines.ranking.weights import LIKE, QUOTE, REPLY, REPOST

NOBODY: Final = 0  # acts as "it was written": warms a new post as much as one like


class Act(NamedTuple):
    """What a user did with a post; `weight` is negative when it was taken back. Whose post it was, SQL looks up."""

    user_id: int
    post_id: int
    weight: float
    at_ms: int

    @property
    def amount(self) -> float:
        return self.weight * growth(self.at_ms)

    @property
    def heat(self) -> float:
        """Log2 of what a positive act adds to the heat of its post."""
        return log2(self.weight) + (self.at_ms - LANDMARK_MS) / HEAT_HALF_LIFE_MS


class Written(NamedTuple):
    """A post that was written (sign 1) or deleted (-1)."""

    post_id: int
    author_id: int
    is_reply: bool
    sign: int


class Changes(NamedTuple):
    acts: list[Act]
    written: list[Written]

    @property
    def user_ids(self) -> set[int]:
        """Whose taste changes."""
        return {act.user_id for act in self.acts}


def fold(events: Iterable[AnyEvent]) -> Changes:
    """The changes of events in any order, since sums do not care.

    What is deleted is taken away with the weight of the time when it was done, where the event tells that. The unlike
    of an old like takes away a like of now, at most what is there.
    """
    changes = Changes([], [])
    for event in events:
        changes.acts.extend(_acts_of(event))
        if isinstance(event, PostCreated | PostDeleted):
            sign = 1 if isinstance(event, PostCreated) else -1
            changes.written.append(Written(event.post_id, event.author_id, event.reply_to_id is not None, sign))
    return changes


def _acts_of(event: AnyEvent) -> list[Act]:
    if isinstance(event, LikeCreated):
        return [Act(event.user_id, event.post_id, LIKE, id_ms(event.event_id))]
    if isinstance(event, LikeDeleted):
        return [Act(event.user_id, event.post_id, -LIKE, id_ms(event.event_id))]
    if isinstance(event, RepostCreated):
        return [Act(event.user_id, event.post_id, REPOST, id_ms(event.repost_id))]
    if isinstance(event, RepostDeleted):
        return [Act(event.user_id, event.post_id, -REPOST, id_ms(event.repost_id))]
    if isinstance(event, PostCreated | PostDeleted):
        sign = 1 if isinstance(event, PostCreated) else -1
        return written_acts(event.author_id, event.post_id, event.reply_to_id, event.quote_of_id, sign)
    return []


def written_acts(
    author_id: int, post_id: int, reply_to_id: int | None, quote_of_id: int | None, sign: int = 1
) -> list[Act]:
    """What writing a post does: to the posts that it answers and quotes, and to its author's own topics."""
    at_ms = id_ms(post_id)
    acts = [Act(author_id, post_id, sign * LIKE, at_ms)]
    if reply_to_id is not None:
        acts.append(Act(author_id, reply_to_id, sign * REPLY, at_ms))
    if quote_of_id is not None:
        acts.append(Act(author_id, quote_of_id, sign * QUOTE, at_ms))
    return acts
