"""Builds the services of a process and connects them by their contracts."""

from collections.abc import Callable, Coroutine
from typing import Any

from rookery.contracts.consumers import Subscription
from rookery.kit.jobs import Job
from rookery.kit.resources import Resources
from rookery.kit.settings import Settings
from rookery.kit.upkeep import jobs as kit_jobs
from rookery.media.cards.consumers import subscriptions as card_subscriptions
from rookery.media.cards.service import Cards
from rookery.media.cards.upkeep import jobs as card_jobs
from rookery.media.consumers import subscriptions as media_subscriptions
from rookery.media.service import Media
from rookery.media.upkeep import jobs as media_jobs
from rookery.notifications.consumers import subscriptions as notification_subscriptions
from rookery.notifications.service import Notifications
from rookery.notifications.upkeep import jobs as notification_jobs
from rookery.posts.consumers import subscriptions as post_subscriptions
from rookery.posts.service import Posts
from rookery.search.consumers import subscriptions as search_subscriptions
from rookery.search.service import SearchService
from rookery.search.suggestions.service import Suggestions
from rookery.search.trends.service import Trends
from rookery.search.upkeep import jobs as search_jobs
from rookery.timelines.consumers import subscriptions as timeline_subscriptions
from rookery.timelines.ranking.upkeep import jobs as ranking_jobs
from rookery.timelines.service import Timelines
from rookery.users.accounts.jobs import account_jobs
from rookery.users.consumers import subscriptions as user_subscriptions
from rookery.users.service import Users

Background = Callable[[], Coroutine[Any, Any, None]]


class Services:
    """Every service in this process; each knows the others only by the protocols in `rookery.contracts`."""

    def __init__(self, settings: Settings) -> None:
        self.resources = Resources(settings)
        self.users = Users(self.resources)
        self.media = Media(self.resources, self.users)
        self.cards = Cards(self.resources)
        self.posts = Posts(self.resources, self.users, self.media, self.cards)
        self.timelines = Timelines(self.resources, self.users, self.posts)
        self.notifications = Notifications(self.resources, self.users, self.posts)
        self.trends = Trends(self.resources, self.users, self.posts)
        self.suggestions = Suggestions(self.resources, self.users, self.posts)
        self.search = SearchService(self.resources, self.users, self.posts)

    async def open(self) -> None:
        await self.resources.open()

    async def close(self) -> None:
        await self.resources.close()

    def jobs(self) -> list[Job]:
        """All periodic jobs, for a worker."""
        return [
            *kit_jobs(self.resources.database),
            *account_jobs(self.resources),
            *ranking_jobs(self.resources),
            *notification_jobs(self.resources),
            *media_jobs(self.media.repository, self.media.store, self.resources.settings),
            *self.trends.jobs(),
            *self.suggestions.jobs(),
            *search_jobs(self.search.indexer),
            *card_jobs(self.cards),
        ]

    def subscriptions(self) -> list[Subscription]:
        """All consumer groups, for a worker."""
        return [
            *user_subscriptions(self.users),
            *post_subscriptions(self.posts),
            *timeline_subscriptions(self.timelines),
            *notification_subscriptions(self.notifications),
            *media_subscriptions(self.media),
            *self.trends.subscriptions(),
            *self.suggestions.subscriptions(),
            *search_subscriptions(self.search.indexer),
            *card_subscriptions(self.cards),
        ]

    def background(self) -> list[Background]:
        """What a worker runs for ever besides."""
        return [self.media.processing.run]
