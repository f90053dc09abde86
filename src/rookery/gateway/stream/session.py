"""What one connection may say, and what follows from it."""

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Protocol

from rookery.gateway.stream import protocol
from rookery.gateway.stream.audience import Audience
from rookery.gateway.stream.connection import Connection
from rookery.gateway.stream.dispatch import Dispatcher
from rookery.gateway.stream.limits import MessageRate, StreamLimits
from rookery.gateway.stream.protocol import Auth, Channel, ClientFrame, Close, Closed, Ping, Subscribe, Unsubscribe
from rookery.kit.identity import Claims
from rookery.kit.problems import Unauthenticated

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


class TokenVerifier(Protocol):
    async def verify(self, token: str) -> Claims:
        """The claims of a token; raises Unauthenticated when it is forged, expired or revoked."""


class Session:
    """Reads the frames of one connection until it ends."""

    def __init__(
        self,
        connection: Connection,
        tokens: TokenVerifier,
        audience: Audience,
        dispatcher: Dispatcher,
        limits: StreamLimits,
    ) -> None:
        self._connection = connection
        self._tokens = tokens
        self._audience = audience
        self._dispatcher = dispatcher
        self._limits = limits
        self._rate = MessageRate(limits, asyncio.get_running_loop().time())

    async def run(self, receive: Receive) -> None:
        """Returns when the client is gone. Raises Closed, and Unavailable while PostgreSQL is needed and away."""
        loop = asyncio.get_running_loop()
        while True:
            message = await receive()
            if message["type"] != "websocket.receive":
                return
            self._connection.heard()
            self._rate.spend(loop.time())
            text = message.get("text")
            if text is None:
                raise Closed(Close.BAD_MESSAGE, "messages are text")
            await self._obey(protocol.decode_frame(text, self._limits.message_bytes))

    async def _obey(self, frame: ClientFrame) -> None:
        if isinstance(frame, Auth):
            await self._authenticate(frame)
        elif self._connection.claims is None:
            raise Closed(Close.UNAUTHENTICATED, "the first message is auth")
        elif isinstance(frame, Subscribe):
            await self._subscribe(self._connection.claims.user_id, frame)
        elif isinstance(frame, Unsubscribe):
            self._dispatcher.unsubscribe(self._connection, frame.channels)
        elif isinstance(frame, Ping):
            self._connection.send(protocol.PONG)

    async def _authenticate(self, frame: Auth) -> None:
        """The first time and again before the token expires; always the same account."""
        try:
            claims = await self._tokens.verify(frame.token)
        except Unauthenticated as error:
            raise Closed(Close.UNAUTHENTICATED, error.detail) from error
        old = self._connection.claims
        if old is not None and old.user_id != claims.user_id:
            raise Closed(Close.UNAUTHENTICATED, "this connection belongs to another account")
        self._audience.join(self._connection, claims.user_id, claims.session_id)
        if old is not None and old.session_id != claims.session_id:
            self._audience.leave_session(self._connection, old.session_id)
        self._connection.authenticated(claims, frame.token, claims.expires_at - time.time())
        self._connection.send(protocol.READY)

    async def _subscribe(self, user_id: int, frame: Subscribe) -> None:
        if not frame.channels:
            raise Closed(Close.BAD_MESSAGE, "channels is empty")
        after = None if frame.last_event_id is None else protocol.decode_event_id(frame.last_event_id)
        if self._connection.catch_up is not None:  # one at a time keeps the order
            await asyncio.wait([self._connection.catch_up])
        if Channel.HOME in frame.channels:
            await self._audience.watch_home(user_id)
        self._dispatcher.subscribe(self._connection, list(dict.fromkeys(frame.channels)), after)
