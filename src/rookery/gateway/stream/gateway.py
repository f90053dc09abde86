"""The live gateway of one process: all its connections, and the task that feeds them."""

import asyncio

import structlog

from rookery.gateway.edge.addresses import rate_limit_key
from rookery.gateway.edge.exchange import Upgrade
from rookery.gateway.stream.audience import Audience
from rookery.gateway.stream.clock import Clock
from rookery.gateway.stream.commands import Commands
from rookery.gateway.stream.connection import Connection
from rookery.gateway.stream.dispatch import Dispatcher
from rookery.gateway.stream.follower import LogFollower
from rookery.gateway.stream.limits import UNLIMITED, Census, StreamLimits
from rookery.gateway.stream.log import LogEnd
from rookery.gateway.stream.metrics import CONNECTIONS
from rookery.gateway.stream.protocol import Close
from rookery.gateway.stream.rendering import EventRenderer
from rookery.gateway.stream.socket import WebSocket
from rookery.gateway.wiring import Services
from rookery.kit.cache import CacheError
from rookery.kit.problems import Problem, Unauthenticated, Unavailable

CHECKED_AT_ONCE = 8
SHUTDOWN_S = 3.0

log = structlog.get_logger(__name__)


class LiveGateway:
    """Open it when the services are open. It owns its connections."""

    def __init__(self, services: Services, limits: StreamLimits | None = None) -> None:
        resources = services.resources
        self._limits = limits or (StreamLimits() if resources.settings.rate_limits else UNLIMITED)
        self._cache = resources.cache
        self._tokens = services.tokens
        self._audience = Audience(services.apis.users, self._limits)
        self._census = Census(self._limits)
        self._open: set[Connection] = set()
        self._clock = Clock()
        self._must_check = False
        renderer = EventRenderer(services.apis.users, services.apis.posts, services.apis.notifications)
        self._dispatcher = Dispatcher(LogEnd(resources.cache), self._audience, renderer)
        self._commands = Commands(self._tokens, self._audience, self._dispatcher, self._limits)
        self._follower = LogFollower(
            resources.settings.cache_url, resources.cache, self._dispatcher, self._before_delivery
        )
        resources.invalidations.listen("reader", self._audience.mark_stale)
        resources.invalidations.listen("session", self._end_session)
        resources.cache.on_connection(self._on_cache_connection)

    async def open(self) -> None:
        await self._follower.open()

    async def close(self) -> None:
        """Tell everybody to come back elsewhere; waits SHUTDOWN_S for them to go."""
        await self._follower.close()
        for connection in list(self._open):
            connection.going_away()
        loop = asyncio.get_running_loop()
        deadline = loop.time() + SHUTDOWN_S
        while self._open and loop.time() < deadline:
            await asyncio.sleep(0.02)

    def connect(self, address: str, upgrade: Upgrade, lines: bytes) -> None:
        """Answer a handshake, and serve the connection until its end. `lines`: headers of the answer.

        Raises RateLimited and Unavailable when there is no room. Origins are checked before.
        """
        key = rate_limit_key(address)
        self._census.enter(key)
        CONNECTIONS.inc()
        socket = WebSocket()
        connection = Connection(socket, self, self._clock, self._limits, key)
        socket.receiver = connection
        self._open.add(connection)
        try:
            upgrade(lines, socket)
        except Unavailable:
            connection.lost(None)
            raise

    def hear(self, connection: Connection, text: str) -> None:
        self._commands.hear(connection, text)

    def leave(self, connection: Connection) -> None:
        for subscription in connection.subscriptions.values():
            subscription.active = False
        self._audience.leave(connection)

    def gone(self, connection: Connection) -> None:
        self._open.discard(connection)
        self._census.leave(connection.address)
        CONNECTIONS.dec()

    def _end_session(self, session_id: int) -> None:
        for connection in list(self._audience.by_session.get(session_id, ())):
            connection.close(Close.UNAUTHENTICATED, "the session has ended")

    def _on_cache_connection(self, _: bool) -> None:
        self._audience.mark_all_stale()
        self._must_check = True

    async def _before_delivery(self) -> None:
        """Know what was acknowledged before these events: follows, unfollows, sessions that have ended.

        A reply from the connection over which invalidations come was preceded by all that were published before it.
        """
        try:
            await self._cache.execute("PING")
        except CacheError:  # the log is read over another connection, which may be back first
            self._on_cache_connection(False)
        try:
            await self._audience.refresh()
            if self._must_check:
                self._must_check = False
                await self._check_sessions()
        except Unavailable as error:
            log.info("stream.not_refreshed", error=repr(error))

    async def _check_sessions(self) -> None:
        """Publications may have been missed: ask for every connection whether its session lives."""
        connections = list(self._audience.connections)
        for start in range(0, len(connections), CHECKED_AT_ONCE):
            await asyncio.gather(*map(self._check_session, connections[start : start + CHECKED_AT_ONCE]))

    async def _check_session(self, connection: Connection) -> None:
        if connection.claims is None:
            return
        try:
            await self._tokens.confirm(connection.claims)
        except Unauthenticated as error:
            connection.close(Close.UNAUTHENTICATED, error.detail)
        except Problem:
            self._must_check = True
