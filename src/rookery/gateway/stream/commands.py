"""What a client may say, and what follows from it."""

import asyncio
import time
from collections import deque
from typing import Protocol

import structlog

from rookery.gateway.stream import protocol
from rookery.gateway.stream.audience import Audience
from rookery.gateway.stream.connection import Connection
from rookery.gateway.stream.dispatch import Dispatcher
from rookery.gateway.stream.limits import StreamLimits
from rookery.gateway.stream.protocol import Auth, Channel, ClientFrame, Close, Closed, Ping, Subscribe, Unsubscribe
from rookery.kit.identity import Claims
from rookery.kit.problems import Unauthenticated, Unavailable

WAITING_MAX = 100  # messages that come while one before them is being obeyed

log = structlog.get_logger(__name__)


class TokenVerifier(Protocol):
    async def verify(self, token: str) -> Claims:
        """The claims of a token; raises Unauthenticated when it is forged, expired or revoked."""


class Commands:
    """Obeys the messages of each connection in their order. A task exists only while one of them has to wait."""

    def __init__(self, tokens: TokenVerifier, audience: Audience, dispatcher: Dispatcher, limits: StreamLimits) -> None:
        self._tokens = tokens
        self._audience = audience
        self._dispatcher = dispatcher
        self._limits = limits

    def hear(self, connection: Connection, text: str) -> None:
        """A message came. Whatever is wrong with it closes the connection."""
        if connection.heard is not None:
            connection.heard.append(text)
            if len(connection.heard) > WAITING_MAX:
                connection.close(Close.TOO_MANY, "messages come too fast")
            return
        try:
            frame = protocol.decode_frame(text, self._limits.message_bytes)
            if isinstance(frame, Auth | Subscribe):
                connection.heard = deque()
                connection.work = asyncio.create_task(self._obey_all(connection, connection.heard, frame))
            else:
                self._obey(connection, frame)
        except Closed as reason:
            connection.close(reason.code, reason.detail)

    async def _obey_all(self, connection: Connection, heard: deque[str], frame: ClientFrame) -> None:
        """Obey the frame, and what is heard meanwhile."""
        try:
            await self._obey_patiently(connection, frame)
            while heard and not connection.closing:
                frame = protocol.decode_frame(heard.popleft(), self._limits.message_bytes)
                await self._obey_patiently(connection, frame)
        except Closed as reason:
            connection.close(reason.code, reason.detail)
        except Unavailable:
            connection.close(Close.TRY_AGAIN_LATER, "a part that is needed is away")
        except Exception:
            log.exception("stream.failed")
            connection.close(Close.TRY_AGAIN_LATER, "internal error")
        finally:
            connection.heard = connection.work = None

    async def _obey_patiently(self, connection: Connection, frame: ClientFrame) -> None:
        """Raises Closed, and Unavailable while PostgreSQL is needed and away."""
        if isinstance(frame, Auth):
            await self._authenticate(connection, frame)
        elif isinstance(frame, Subscribe):
            await self._subscribe(connection, frame)
        else:
            self._obey(connection, frame)

    def _obey(self, connection: Connection, frame: ClientFrame) -> None:
        """Frames for which nothing has to be waited for. Raises Closed."""
        _user_id(connection)
        if isinstance(frame, Unsubscribe):
            self._dispatcher.unsubscribe(connection, frame.channels)
        elif isinstance(frame, Ping):
            connection.send(protocol.PONG)

    async def _authenticate(self, connection: Connection, frame: Auth) -> None:
        """The first time and again before the token expires; always the same account."""
        try:
            claims = await self._tokens.verify(frame.token)
        except Unauthenticated as error:
            raise Closed(Close.UNAUTHENTICATED, error.detail) from error
        old = connection.claims
        if old is not None and old.user_id != claims.user_id:
            raise Closed(Close.UNAUTHENTICATED, "this connection belongs to another account")
        self._audience.join(connection, claims.user_id, claims.session_id)
        if old is not None and old.session_id != claims.session_id:
            self._audience.leave_session(connection, old.session_id)
        connection.authenticated(claims, claims.expires_at - time.time())
        connection.send(protocol.READY)

    async def _subscribe(self, connection: Connection, frame: Subscribe) -> None:
        user_id = _user_id(connection)
        if not frame.channels:
            raise Closed(Close.BAD_MESSAGE, "channels is empty")
        after = None if frame.last_event_id is None else protocol.decode_event_id(frame.last_event_id)
        if connection.catch_up is not None:  # one at a time keeps the order
            await asyncio.wait([connection.catch_up])
        if Channel.HOME in frame.channels:
            await self._audience.watch_home(user_id)
        self._dispatcher.subscribe(connection, list(dict.fromkeys(frame.channels)), after)


def _user_id(connection: Connection) -> int:
    """Raises Closed for who has not signed in."""
    if connection.claims is None:
        raise Closed(Close.UNAUTHENTICATED, "the first message is auth")
    return connection.claims.user_id
