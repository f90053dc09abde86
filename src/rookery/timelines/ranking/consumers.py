"""The consumer of ranking: acts become affinities, interests, baselines and heat, each event once."""

from typing import Final

from rookery.contracts.consumers import Subscription
from rookery.contracts.events import AnyEvent, Topic
from rookery.kit.local_cache import Invalidations
from rookery.timelines.ranking.acts import fold
from rookery.timelines.ranking.repository import GROUP, RankingRepository

PACE_S: Final = 0.5  # taste may lag by a second


def subscriptions(repository: RankingRepository, invalidations: Invalidations) -> list[Subscription]:
    async def learn(events: list[AnyEvent]) -> None:
        changes = fold(events)
        if not changes.acts:
            return
        await repository.apply(events, fold)
        # Those too that were counted already: these events come again when we died after the commit.
        await invalidations.publish(*(f"taste:{user_id}" for user_id in sorted(changes.user_ids)))

    return [Subscription(group=GROUP, topics=[Topic.POSTS], handle=learn, pace_s=PACE_S)]
