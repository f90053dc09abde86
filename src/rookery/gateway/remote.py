"""The services that run in other processes, as the ones here call them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

from rookery.contracts.apis import APIS, BY_REFERENCE
from rookery.contracts.media import MediaApi, MediaAttachment, StoredMedia
from rookery.contracts.notifications import NotificationsApi
from rookery.contracts.posts import PostsApi
from rookery.contracts.users import SIGNED_OUT, Author, Reader, UsersApi
from rookery.kit.local_cache import LocalCache
from rookery.kit.resources import Resources
from rookery.kit.rpc.client import Peer, remote
from rookery.kit.rpc.contract import Method, methods_of
from rookery.kit.rpc.tokens import ServiceTokens
from rookery.kit.settings import Settings, SettingsError
from rookery.media.addresses import Addresses
from rookery.users.graph.service import READER_IDS_CACHED, READERS_CACHED, reader_weight
from rookery.users.profiles.service import AUTHORS_CACHED

# How long who was here before is still known while the users service is away. Nobody follows, blocks or signs out then.
OUTLIVES_S = 600.0

METHODS: Mapping[str, Mapping[str, Method]] = {name: methods_of(api, BY_REFERENCE) for name, api in APIS.items()}


class RemoteUsers:
    """`UsersApi` elsewhere: readers and authors are kept here, and dropped by the same invalidations as there.

    An answer of the other process is as new as what was published before we asked (`InternalCalls` catches up first),
    so what is loaded after an invalidation was heard has the change in it. Warm, a page costs no call.
    """

    def __init__(self, resources: Resources, api: UsersApi) -> None:
        self._api = api
        self._readers = LocalCache(
            self._load_readers,
            size=READERS_CACHED,
            weigh=reader_weight,
            max_weight=READER_IDS_CACHED,
            outlives_s=OUTLIVES_S,
        )
        self._authors = LocalCache(self._load_authors, size=AUTHORS_CACHED, outlives_s=OUTLIVES_S)
        self._pulled = LocalCache(self._load_pulled, size=1, outlives_s=OUTLIVES_S)
        resources.invalidations.attach("reader", self._readers)
        resources.invalidations.attach("author", self._authors)
        resources.invalidations.attach("pulled", self._pulled)

    async def reader(self, user_id: int) -> Reader:
        if user_id == 0:
            return SIGNED_OUT
        return await self._readers.get(user_id) or Reader(id=user_id)

    async def authors(self, user_ids: list[int]) -> dict[int, Author]:
        return await self._authors.get_many(user_ids)

    async def pulled_authors(self) -> frozenset[int]:
        return await self._pulled.get(0) or frozenset()

    def __getattr__(self, name: str) -> Any:
        """The methods of which nothing is kept."""
        return getattr(self._api, name)

    async def _load_readers(self, user_ids: list[int]) -> dict[int, Reader]:
        """One at a time: nobody asks for more at once."""
        return {user_id: await self._api.reader(user_id) for user_id in user_ids}

    async def _load_authors(self, user_ids: list[int]) -> dict[int, Author]:
        return await self._api.authors(user_ids)

    async def _load_pulled(self, _: list[int]) -> dict[int, frozenset[int]]:
        return {0: await self._api.pulled_authors()}


class RemoteMedia:
    """`MediaApi` elsewhere. Addresses follow from the settings, which all processes share."""

    def __init__(self, resources: Resources, api: MediaApi) -> None:
        self._api = api
        self._addresses = Addresses(resources.settings)

    def attachments(self, media: Sequence[StoredMedia], *, protected: bool) -> list[MediaAttachment]:
        return [self._addresses.attachment(each, protected=protected) for each in media]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._api, name)


class Peers:
    """The services elsewhere that a process needs. Raises SettingsError where none says where one of them is."""

    def __init__(self, resources: Resources, here: Collection[str], needed: Collection[str]) -> None:
        urls = service_urls(resources.settings)
        self.tokens = ServiceTokens(resources.settings.secret_key, "+".join(sorted(here)))
        self._resources = resources
        self.peers: dict[str, Peer] = {}
        for name in sorted(needed):
            if not urls.get(name):
                raise SettingsError(
                    f"ROOKERY_SERVICE_URLS: needs {name}=http://..., which does not run in this process"
                )
            self.peers[name] = Peer(name, urls[name], self.tokens)

    async def open(self) -> None:
        for peer in self.peers.values():
            await peer.open()

    async def close(self) -> None:
        for peer in self.peers.values():
            await peer.close()

    def users(self) -> UsersApi:
        return cast(UsersApi, RemoteUsers(self._resources, self._remote("users")))

    def media(self) -> MediaApi:
        return cast(MediaApi, RemoteMedia(self._resources, self._remote("media")))

    def posts(self) -> PostsApi:
        api: PostsApi = self._remote("posts")
        return api

    def notifications(self) -> NotificationsApi:
        api: NotificationsApi = self._remote("notifications")
        return api

    def _remote(self, name: str) -> Any:
        return remote(METHODS[name], self.peers[name])


def service_urls(settings: Settings) -> Mapping[str, Sequence[str]]:
    """The addresses of each service, in the order of the setting. Raises SettingsError."""
    urls: dict[str, list[str]] = {}
    for item in settings.service_urls:
        name, _, url = item.partition("=")
        if name not in APIS or not url.startswith(("http://", "https://")):
            raise SettingsError(f"ROOKERY_SERVICE_URLS: {item!r} is not SERVICE=http://HOST:PORT")
        urls.setdefault(name, []).append(url)
    return urls
