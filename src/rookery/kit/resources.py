"""What a process holds open: database pool, Valkey connection, leased ids, local invalidations, the log's waker."""

import contextlib

from rookery.kit.bus.waker import Waker
from rookery.kit.cache import Cache
from rookery.kit.database import Database
from rookery.kit.local_cache import Invalidations
from rookery.kit.nodes import LeasedIds
from rookery.kit.settings import Settings, require


class Resources:
    """Opened once at start and closed at the end, in reverse order. Services take what they need from here."""

    def __init__(self, settings: Settings) -> None:
        require(settings, "database_url", "cache_url", "secret_key")
        self.settings = settings
        self.database = Database(settings.database_url, size=settings.database_pool_size)
        self.cache = Cache(settings.cache_url)
        self.invalidations = Invalidations(self.cache)
        self.ids = LeasedIds(self.database)
        self.waker = Waker(settings.database_url)
        self._stack = contextlib.AsyncExitStack()

    async def open(self) -> None:
        """Connect to everything; raises when PostgreSQL does not answer. Valkey may come later."""
        async with contextlib.AsyncExitStack() as stack:
            for open_part, close_part in (
                (self.database.open, self.database.close),
                (self.cache.open, self.cache.close),
                (self.ids.open, self.ids.close),
                (self.waker.start, self.waker.close),
            ):
                await open_part()
                stack.push_async_callback(close_part)
            self._stack = stack.pop_all()

    async def close(self) -> None:
        await self._stack.aclose()
