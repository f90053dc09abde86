"""Builds the services of a process and connects them by their contracts: those here directly, the others by HTTP."""

from collections.abc import Callable, Collection, Coroutine, Mapping
from typing import Any

from rookery.contracts.apis import APIS, EVERYTHING, NEEDS, SERVED, WORKED
from rookery.contracts.consumers import Subscription
from rookery.contracts.media import MediaApi
from rookery.contracts.notifications import NotificationsApi
from rookery.contracts.posts import PostsApi
from rookery.contracts.users import Reader, UsersApi
from rookery.gateway.remote import METHODS, Peers
from rookery.kit.jobs import Job
from rookery.kit.resources import Resources
from rookery.kit.rpc.server import Endpoint, Resolve
from rookery.kit.settings import Settings, SettingsError
from rookery.kit.text.language import read_ahead
from rookery.kit.tokens import TokenVerifier
from rookery.kit.upkeep import jobs as kit_jobs
from rookery.kit.verifying_keys import VerifyingKeys
from rookery.media.cards.consumers import subscriptions as card_subscriptions
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


class Apis:
    """The services by their contracts, wherever they run. What nobody in this process needs is not set."""

    users: UsersApi
    media: MediaApi
    posts: PostsApi
    notifications: NotificationsApi


class Services:
    """The services `here`; each knows the others only by the protocols in `rookery.contracts`.

    A service that is not here is not set; `apis` has those too that run elsewhere. `tokens` verifies access tokens.
    """

    users: Users
    media: Media
    posts: Posts
    timelines: Timelines
    notifications: Notifications
    search: SearchService
    trends: Trends
    suggestions: Suggestions
    tokens: TokenVerifier

    def __init__(self, settings: Settings, here: Collection[str] = EVERYTHING) -> None:
        self.here = frozenset(here)
        if unknown := self.here - EVERYTHING:
            raise SettingsError(f"ROOKERY_SERVICES: {min(unknown)!r} is none of {', '.join(sorted(EVERYTHING))}")
        self.resources = Resources(settings)
        needed = frozenset().union(*(NEEDS[name] for name in self.here))
        self.peers = Peers(self.resources, self.here, needed - self.here)
        self.apis = Apis()
        self._build_users(needed)
        self._build_media(needed)
        self._build_posts(needed)
        if "timelines" in self.here:
            self.timelines = Timelines(self.resources, self.apis.users, self.apis.posts)
        self._build_notifications(needed)
        if "search" in self.here:
            self._build_search()

    async def open(self) -> None:
        await self.resources.open()
        await self.peers.open()

    async def close(self) -> None:
        await self.peers.close()
        await self.resources.close()

    def jobs(self) -> list[Job]:
        """The periodic jobs of what is here, for a worker."""
        jobs: Mapping[str, Callable[[], list[Job]]] = {
            "kit": lambda: kit_jobs(self.resources.database),
            "users": lambda: account_jobs(self.resources),
            "timelines": lambda: ranking_jobs(self.resources),
            "notifications": lambda: notification_jobs(self.resources),
            "media": lambda: [
                *media_jobs(self.media.repository, self.media.store, self.resources.settings),
                *card_jobs(self.media.link_cards),
            ],
            "search": lambda: [
                *search_jobs(self.search.indexer),
                *self.trends.jobs(),
                *self.suggestions.jobs(),
            ],
        }
        names = [name for name in WORKED if name in self.here and name in jobs]
        return [job for name in names for job in jobs[name]()]

    def subscriptions(self) -> list[Subscription]:
        """The consumer groups of what is here, for a worker."""
        subscriptions: Mapping[str, Callable[[], list[Subscription]]] = {
            "users": lambda: user_subscriptions(self.users),
            "posts": lambda: post_subscriptions(self.posts),
            "timelines": lambda: timeline_subscriptions(self.timelines),
            "notifications": lambda: notification_subscriptions(self.notifications),
            "media": lambda: [*media_subscriptions(self.media), *card_subscriptions(self.media.link_cards)],
            "search": lambda: [
                *search_subscriptions(self.search.indexer),
                *self.trends.subscriptions(),
                *self.suggestions.subscriptions(),
            ],
        }
        names = [name for name in WORKED if name in self.here and name in subscriptions]
        return [each for name in names for each in subscriptions[name]()]

    def background(self) -> list[Background]:
        """What a worker of what is here runs for ever besides."""
        return [self.media.processing.run] if "media" in self.here else []

    def endpoints(self) -> dict[str, Endpoint]:
        """What other processes may call of what is here: nothing where everything is here, as there are none then."""
        if self.here.issuperset(SERVED) or not self.here & APIS.keys():
            return {}
        resolve: dict[type, Resolve] = {Reader: self.apis.users.reader}
        return {name: Endpoint(METHODS[name], getattr(self, name), resolve) for name in APIS if name in self.here}

    def _build_users(self, needed: frozenset[str]) -> None:
        if "users" in self.here:
            self.users = Users(self.resources)
            self.apis.users = self.users
            self.tokens = self.users.accounts.tokens
        elif "users" in needed:
            self.apis.users = self.peers.users()
            self.tokens = TokenVerifier(self.resources, VerifyingKeys(self.apis.users.verifying_keys))

    def _build_media(self, needed: frozenset[str]) -> None:
        if "media" in self.here:
            self.media = Media(self.resources, self.apis.users)
            self.apis.media = self.media
        elif "media" in needed:
            self.apis.media = self.peers.media()

    def _build_posts(self, needed: frozenset[str]) -> None:
        if "posts" in self.here:
            self.posts = Posts(self.resources, self.apis.users, self.apis.media)
            self.tokens.on_session(read_ahead)  # who signs in will post, and shall not wait for the model then
            self.apis.posts = self.posts
        elif "posts" in needed:
            self.apis.posts = self.peers.posts()

    def _build_notifications(self, needed: frozenset[str]) -> None:
        if "notifications" in self.here:
            self.notifications = Notifications(self.resources, self.apis.users, self.apis.posts)
            self.apis.notifications = self.notifications
        elif "notifications" in needed:
            self.apis.notifications = self.peers.notifications()

    def _build_search(self) -> None:
        self.search = SearchService(self.resources, self.apis.users, self.apis.posts)
        self.trends = Trends(self.resources, self.apis.users, self.apis.posts)
        self.suggestions = Suggestions(self.resources, self.apis.users, self.apis.posts)
