"""A bounded cache in the memory of a process that is never staler than a reader can tell.

Who changes something publishes its key (`Invalidations.publish`) after the commit and before answering. The publication
reaches every process on the connection over which it also talks to Valkey, so a request whose path makes any round trip
to Valkey sees its effect (see `rookery.kit.cache`). While the connection is away nothing is cached: everything is
loaded from PostgreSQL, and what could not be published is published once the connection is back. `max_age_s` is the
last bound, for a publication that was lost between commit and crash.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Generic, TypeVar

import structlog

from rookery.kit.cache import Cache, CacheError
from rookery.kit.problems import Unavailable

CHANNEL = "invalidations"
PUBLISH_AT_ONCE = 500  # keys in one publication
UNPUBLISHED_MAX = 20_000  # keys remembered for when Valkey is back; beyond, `max_age_s` has to do

K = TypeVar("K")
V = TypeVar("V")

Stamp = tuple[V | None, float] | None  # a value (None: there is none) and until when it holds; None: not in memory

log = structlog.get_logger(__name__)


class LocalCache(Generic[K, V]):
    """The values of `load(keys)` that were loaded last, at most `size`; None results are cached too (as absence).

    Evicted is what was loaded longest ago: an entry is loaded anew after `max_age_s` anyway, so that keeping book of
    each use, on the hottest path there is, would buy nothing.

    Where values differ much in size, `weigh(value)` tells it, and all together weigh at most `max_weight`; a value that
    is heavier alone is not kept.

    While `load` raises Unavailable, what has merely grown too old is believed for `outlives_s` more: nobody told that
    it has changed.
    """

    def __init__(
        self,
        load: Callable[[list[K]], Awaitable[dict[K, V]]],
        *,
        size: int,
        max_age_s: float = 60.0,
        weigh: Callable[[V], int] = lambda _: 0,
        max_weight: int = 0,
        outlives_s: float = 0.0,
    ) -> None:
        self._load = load
        self._size = size
        self._weigh = weigh
        self._max_weight = max_weight
        self._weight = 0
        self._max_age_s = max_age_s
        self._outlives_s = outlives_s
        self._entries: OrderedDict[K, tuple[V | None, float]] = OrderedDict()
        self._loading: dict[K, asyncio.Future[None]] = {}
        self.enabled = False

    def peek(self, key: K) -> V | None:
        """The cached value, without loading."""
        entry = self._entries.get(key)
        return None if entry is None else entry[0]

    def stamps(self, keys: Iterable[K]) -> list["Stamp[V]"]:
        """What stands for each key now: as long as it compares equal, neither change nor load has come between."""
        return list(map(self._entries.get, keys))

    async def get(self, key: K) -> V | None:
        """The value of a key, or None when there is none."""
        entry = self._entries.get(key)
        if entry is not None and entry[1] > time.monotonic():
            return entry[0]
        return (await self.get_many([key])).get(key)

    async def get_many(self, keys: Iterable[K]) -> dict[K, V]:
        """The values of those keys that have one. At most one call of `load` for all that is missing."""
        found: dict[K, V] = {}
        missing: list[K] = []
        now = time.monotonic()
        entry_of = self._entries.get
        for key in keys:
            entry = entry_of(key)
            if entry is None or entry[1] <= now:
                missing.append(key)
            elif entry[0] is not None:
                found[key] = entry[0]
        if missing:
            found.update(await self._load_missing(list(dict.fromkeys(missing))))
        return found

    async def _load_missing(self, keys: list[K]) -> dict[K, V]:
        """Load, and keep what no invalidation has overtaken in the meantime."""
        token: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        for key in keys:
            self._loading[key] = token
        enabled_before = self.enabled
        try:
            loaded = await self._load(keys)
        except Unavailable:
            if (old := self._outlived(keys)) is None:
                raise
            return old
        finally:
            valid = [key for key in keys if self._loading.get(key) is token]
            for key in valid:
                del self._loading[key]
        if enabled_before and self.enabled:
            expires_at = time.monotonic() + self._max_age_s
            for key in valid:
                self._keep(key, loaded.get(key), expires_at)
        return loaded

    def _outlived(self, keys: list[K]) -> dict[K, V] | None:
        """What is kept of all these keys, however old within `outlives_s`; None where one is missing."""
        oldest = time.monotonic() - self._outlives_s
        entries = [self._entries.get(key) for key in keys]
        if not self._outlives_s or any(entry is None or entry[1] <= oldest for entry in entries):
            return None
        found = zip(keys, entries, strict=True)
        return {key: entry[0] for key, entry in found if entry is not None and entry[0] is not None}

    def _keep(self, key: K, value: V | None, expires_at: float) -> None:
        self._drop(key)
        weight = 0 if value is None else self._weigh(value)
        if weight > self._max_weight:
            return
        self._entries[key] = (value, expires_at)
        self._weight += weight
        while len(self._entries) > self._size or self._weight > self._max_weight:
            self._drop(next(iter(self._entries)))

    def _drop(self, key: K) -> None:
        value, _ = self._entries.pop(key, (None, 0.0))
        self._weight -= 0 if value is None else self._weigh(value)

    def invalidate(self, key: K) -> None:
        self._drop(key)
        self._loading.pop(key, None)

    def clear(self) -> None:
        self._entries.clear()
        self._weight = 0
        self._loading.clear()


class Invalidations:
    """Routes published keys (`<prefix>:<integer>`) to the local caches of this process."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._listeners: dict[str, list[Callable[[int], None]]] = {}
        self._caches: list[LocalCache[int, object]] = []
        self._unpublished: dict[str, None] = {}
        cache.subscribe(CHANNEL, self._on_message)
        cache.on_connection(self._on_connection)

    def attach(self, prefix: str, local: "LocalCache[int, V]") -> None:
        """Keep `local` fresh by publications under `prefix`."""
        self.listen(prefix, local.invalidate)
        self._caches.append(local)  # type: ignore[arg-type]
        local.enabled = self._cache.connected

    def listen(self, prefix: str, listener: Callable[[int], None]) -> None:
        self._listeners.setdefault(prefix, []).append(listener)

    async def publish(self, *keys: str) -> bool:
        """Tell every process, this one first, that what it keeps under `keys` is old. One round trip.

        False when Valkey did not take it: who shares our trouble keeps nothing, but other processes may not have heard.
        They hear it when our connection is back.
        """
        message = " ".join(keys).encode()
        self._on_message(message)
        try:
            await self._cache.execute("PUBLISH", CHANNEL, message)
        except CacheError as error:
            log.warning("invalidations.not_published", keys=keys, error=str(error))
            self._remember(keys)
            return False
        return True

    def _remember(self, keys: Iterable[str]) -> None:
        """Others may have their connection, or get it back before us, and keep what they load until they are told."""
        self._unpublished.update(dict.fromkeys(keys))
        while len(self._unpublished) > UNPUBLISHED_MAX:
            del self._unpublished[next(iter(self._unpublished))]

    def _catch_up(self) -> None:
        keys, self._unpublished = list(self._unpublished), {}
        for start in range(0, len(keys), PUBLISH_AT_ONCE):
            some = keys[start : start + PUBLISH_AT_ONCE]
            sent = self._cache.send("PUBLISH", CHANNEL, " ".join(some).encode())
            sent.add_done_callback(partial(self._caught_up, some))

    def _caught_up(self, keys: list[str], sent: "asyncio.Future[object]") -> None:
        if not sent.cancelled() and sent.exception() is not None:
            self._remember(keys)

    def _on_message(self, message: bytes) -> None:
        for item in message.decode().split(" "):
            prefix, _, key = item.partition(":")
            for listener in self._listeners.get(prefix, ()):
                listener(int(key))

    def _on_connection(self, connected: bool) -> None:
        for local in self._caches:
            local.enabled = connected
            local.clear()
        if connected:
            self._catch_up()
