"""One client: what waits to be sent to it, its clock, its end.

An idle connection costs no task and no timer of its own. Nobody ever waits for a client: what it does not take in time
fills a bounded queue, and a full one ends the connection.
"""

import asyncio
from collections import deque
from typing import Protocol

from rookery.gateway.stream import protocol
from rookery.gateway.stream.clock import Clock
from rookery.gateway.stream.limits import MessageRate, StreamLimits
from rookery.gateway.stream.metrics import CLOSED
from rookery.gateway.stream.protocol import Channel, Close, Closed
from rookery.kit.identity import Claims


class Socket(Protocol):
    """What a connection sends over (see `rookery.gateway.stream.socket`)."""

    def send_text(self, text: str) -> None: ...

    def close(self, code: int, reason: str) -> None: ...


class Owner(Protocol):
    """Whom a connection tells what happens to it."""

    def hear(self, connection: "Connection", text: str) -> None:
        """The client sent a message."""

    def leave(self, connection: "Connection") -> None:
        """It is closing: nothing is to be sent to it any more."""

    def gone(self, connection: "Connection") -> None:
        """It is no more; after `leave`."""


class Subscription:
    """A channel of a connection. While not `live`, a catch-up reads for it from the log; it then takes what comes."""

    __slots__ = ("active", "channel", "connection", "live")

    def __init__(self, connection: "Connection", channel: Channel, *, live: bool) -> None:
        self.connection = connection
        self.channel = channel
        self.live = live
        self.active = True


class Connection:
    """The receiver of a WebSocket."""

    __slots__ = (
        "_clock",
        "_limits",
        "_loop",
        "_missed",
        "_next_ping",
        "_owner",
        "_paused_at",
        "_queue",
        "_queued_bytes",
        "_rate",
        "_room",
        "_socket",
        "_tick",
        "address",
        "catch_up",
        "claims",
        "closing",
        "expires_at",
        "heard",
        "subscriptions",
        "work",
    )

    def __init__(self, socket: Socket, owner: Owner, clock: Clock, limits: StreamLimits, address: str) -> None:
        self.address = address
        self.claims: Claims | None = None
        self.subscriptions: dict[Channel, Subscription] = {}
        self.catch_up: asyncio.Task[None] | None = None
        self.heard: deque[str] | None = None  # messages that wait for `work`, which obeys one before them
        self.work: asyncio.Task[None] | None = None
        self.expires_at: float | None = None  # of the token, by the loop's clock
        self.closing = False
        self._socket = socket
        self._owner = owner
        self._clock = clock
        self._limits = limits
        self._loop = asyncio.get_running_loop()
        self._rate = MessageRate(limits, self._loop.time())
        self._queue: deque[str] | None = None  # made when needed: most connections are idle
        self._queued_bytes = 0
        self._paused_at: float | None = None  # since then the client takes nothing
        self._room: asyncio.Future[None] | None = None
        self._missed = 0
        self._next_ping = self._loop.time() + limits.auth_s
        self._tick: int | None = clock.set(self, self._next_ping)

    def authenticated(self, claims: Claims, valid_s: float) -> None:
        """From now on signed in, for `valid_s` seconds unless authenticated again; heartbeats begin."""
        if self.claims is None:
            self._next_ping = self._loop.time() + self._limits.heartbeat_s
        self.claims = claims
        self.expires_at = self._loop.time() + valid_s
        self._set_clock()

    def send(self, text: str) -> None:
        """Send or queue a message; a client that has let too much pile up is cut off instead."""
        if self.closing:
            return
        if self._paused_at is None:
            self._socket.send_text(text)
            return
        if self._queue is None:
            self._queue = deque()
        self._queue.append(text)
        self._queued_bytes += len(text)
        if len(self._queue) > self._limits.queue_messages or self._queued_bytes > self._limits.queue_bytes:
            self.close(Close.TOO_SLOW, "messages were not taken in time")

    async def room(self) -> None:
        """Wait until at most half the queue is taken: for who has much to send and may wait."""
        while self._is_filling() and not self.closing:
            self._room = self._loop.create_future()
            await self._room

    def close(self, code: Close, detail: str) -> None:
        """End it: what is under way for it is interrupted, what is queued is not sent. The first reason stands."""
        if self.closing:
            return
        self._leave()
        if code not in (Close.TOO_SLOW, Close.GOING_AWAY):
            self._socket.send_text(protocol.error(code.name.lower(), detail))
        self._socket.close(code, detail)

    def frame_received(self) -> bool:
        self._missed = 0
        try:
            self._rate.spend(self._loop.time())
        except Closed as reason:
            self.close(reason.code, reason.detail)
        return not self.closing

    def text_received(self, text: str) -> None:
        self._owner.hear(self, text)

    def binary_received(self) -> None:
        self.close(Close.BAD_MESSAGE, "messages are text")

    def writing_paused(self) -> None:
        self._paused_at = self._loop.time()
        self._set_clock()

    def writing_resumed(self) -> None:
        self._paused_at = None
        while self._queue and self._paused_at is None:
            text = self._queue.popleft()
            self._queued_bytes -= len(text)
            self._socket.send_text(text)
        if not self._queue:
            self._queue = None
        if not self._is_filling():
            self._wake_up()
        self._set_clock()

    def going_away(self) -> None:
        self.close(Close.GOING_AWAY, "the server is going away")

    def lost(self, code: int | None) -> None:
        if code is not None:
            CLOSED.labels(str(code)).inc()
        if not self.closing:
            self._leave()
        self._owner.gone(self)

    def tick(self, now: float) -> None:
        self._tick = None
        if self.claims is None:
            self.close(Close.UNAUTHENTICATED, "no token was shown in time")
        elif self.expires_at is not None and now >= self.expires_at:
            self.close(Close.UNAUTHENTICATED, "the token has expired")
        elif self._paused_at is not None and now >= self._paused_at + self._limits.send_s:
            self.close(Close.TOO_SLOW, "messages were not taken in time")
        elif now >= self._next_ping:
            self._ping(now)
        self._set_clock()

    def _ping(self, now: float) -> None:
        if self._missed >= self._limits.missed_heartbeats:
            self.close(Close.TOO_SLOW, "heartbeats were not answered")
            return
        self._missed += 1
        self._next_ping = now + self._limits.heartbeat_s
        self.send(protocol.PING)

    def _set_clock(self) -> None:
        self._unset_clock()
        if self.closing:
            return
        due = self._next_ping
        if self.expires_at is not None:
            due = min(due, self.expires_at)
        if self._paused_at is not None:
            due = min(due, self._paused_at + self._limits.send_s)
        self._tick = self._clock.set(self, due)

    def _unset_clock(self) -> None:
        if self._tick is not None:
            self._clock.unset(self, self._tick)
            self._tick = None

    def _is_filling(self) -> bool:
        waiting = len(self._queue) if self._queue else 0
        return waiting * 2 > self._limits.queue_messages or self._queued_bytes * 2 > self._limits.queue_bytes

    def _wake_up(self) -> None:
        if self._room is not None and not self._room.done():
            self._room.set_result(None)
        self._room = None

    def _leave(self) -> None:
        self.closing = True
        self._queue, self._queued_bytes = None, 0
        self._unset_clock()
        self._wake_up()
        for task in (self.work, self.catch_up):
            if task is not None:
                task.cancel()
        self._owner.leave(self)
