"""The consumer group `media.cards`: links of new and edited posts become due. Replays find them done."""

from rookery.contracts.consumers import Subscription
from rookery.contracts.events import AnyEvent, PostCreated, PostEdited, Topic
from rookery.media.cards.service import Cards

PACE_S = 0.1


def subscriptions(cards: Cards) -> list[Subscription]:
    """None where cards are switched off."""

    async def want(events: list[AnyEvent]) -> None:
        written = [event for event in events if isinstance(event, PostCreated | PostEdited)]
        await cards.want({event.post_id: event.link for event in written if event.link is not None})

    return (
        [Subscription(group="media.cards", topics=[Topic.POSTS], handle=want, pace_s=PACE_S)] if cards.enabled else []
    )
