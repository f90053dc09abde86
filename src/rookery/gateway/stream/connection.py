"""One client: what waits to be sent to it, its clock, its end.

An idle connection costs one task (the handler, waiting for a message) and one timer. A task that sends exists only
while there is something to send. Nobody ever waits for a client: what it does not take in time fills a bounded queue,
and a full one ends the connection.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import structlog

from rookery.gateway.stream import protocol
from rookery.gateway.stream.limits import StreamLimits
from rookery.gateway.stream.metrics import CLOSED
from rookery.gateway.stream.protocol import Channel, Close
from rookery.kit.identity import Claims

GOODBYE_S = 2.0

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

log = structlog.get_logger(__name__)


class Subscription:
    """A channel of a connection. While not `live`, a catch-up reads for it from the log; it then takes what comes."""

    __slots__ = ("active", "channel", "connection", "live")

    def __init__(self, connection: "Connection", channel: Channel, *, live: bool) -> None:
        self.connection = connection
        self.channel = channel
        self.live = live
        self.active = True


class Connection:
    """Created inside the handler's task, which `close` cancels; the handler then calls `say_goodbye`."""

    __slots__ = (
        "_clock",
        "_closing",
        "_handler",
        "_limits",
        "_loop",
        "_missed",
        "_next_ping",
        "_pump",
        "_queue",
        "_queued_bytes",
        "_room",
        "_send",
        "_sending_since",
        "address",
        "catch_up",
        "claims",
        "expires_at",
        "subscriptions",
        "token",
    )

    def __init__(self, send: Send, limits: StreamLimits, address: str) -> None:
        self.address = address
        self.claims: Claims | None = None
        self.token = ""
        self.subscriptions: dict[Channel, Subscription] = {}
        self.catch_up: asyncio.Task[None] | None = None
        self.expires_at: float | None = None  # of the token, by the loop's clock
        self._send = send
        self._limits = limits
        self._loop = asyncio.get_running_loop()
        self._handler = asyncio.current_task()
        self._queue: deque[str] | None = None  # made when needed: most connections are idle
        self._queued_bytes = 0
        self._pump: asyncio.Task[None] | None = None
        self._sending_since: float | None = None
        self._room: asyncio.Future[None] | None = None
        self._closing: tuple[Close, str] | None = None
        self._missed = 0
        self._next_ping = self._loop.time() + limits.auth_s
        self._clock: asyncio.TimerHandle | None = self._loop.call_at(self._next_ping, self._tick)

    @property
    def closing(self) -> bool:
        return self._closing is not None

    def authenticated(self, claims: Claims, token: str, valid_s: float) -> None:
        """From now on signed in, for `valid_s` seconds unless authenticated again; heartbeats begin."""
        if self.claims is None:
            self._next_ping = self._loop.time() + self._limits.heartbeat_s
        self.claims, self.token = claims, token
        self.expires_at = self._loop.time() + valid_s
        self._set_clock()

    def heard(self) -> None:
        """A message came: the client is alive."""
        self._missed = 0

    def send(self, text: str) -> None:
        """Queue a message; a client that has let too much pile up is cut off instead."""
        if self.closing:
            return
        if self._queue is None:
            self._queue = deque()
        self._queue.append(text)
        self._queued_bytes += len(text)
        if len(self._queue) > self._limits.queue_messages or self._queued_bytes > self._limits.queue_bytes:
            self.close(Close.TOO_SLOW, "messages were not taken in time")
        elif self._pump is None:
            self._pump = self._loop.create_task(self._send_queued())

    async def room(self) -> None:
        """Wait until at most half the queue is taken: for who has much to send and may wait."""
        while self._is_filling() and not self.closing:
            self._room = self._loop.create_future()
            await self._room

    def close(self, code: Close, detail: str) -> None:
        """End it: the handler is interrupted wherever it waits, what is queued is not sent. The first reason stands."""
        if self.closing:
            return
        self._closing = (code, detail)
        if self._queue:
            self._queue.clear()
        self._wake_up()
        if self._handler is not None:
            self._handler.cancel()

    async def say_goodbye(self) -> None:
        """Called by the handler at its end: stop everything, and send the closing frame if there was a reason.

        A client that takes nothing cannot be told why; the server then just drops it.
        """
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None
        tasks = [task for task in (self._pump, self.catch_up) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._closing is None:
            return
        code, detail = self._closing
        CLOSED.labels(str(int(code))).inc()
        try:
            async with asyncio.timeout(GOODBYE_S):
                if code not in (Close.TOO_SLOW, Close.GOING_AWAY):
                    await self._send({"type": "websocket.send", "text": protocol.error(code.name.lower(), detail)})
                await self._send({"type": "websocket.close", "code": int(code), "reason": detail[:100]})
        except (TimeoutError, RuntimeError, OSError) as error:
            log.info("stream.dropped", code=int(code), error=repr(error))

    async def _send_queued(self) -> None:
        """Send until nothing is left, then end; a dead connection ends the handler by its own way, `receive`."""
        queue = self._queue
        try:
            while queue:
                text = queue.popleft()
                self._queued_bytes -= len(text)
                self._sending_since = self._loop.time()
                await self._send({"type": "websocket.send", "text": text})
                self._sending_since = None
                if self._room is not None and not self._is_filling():
                    self._wake_up()
        except (RuntimeError, OSError):
            self.close(Close.GOING_AWAY, "the connection is gone")
        finally:
            self._pump = None

    def _is_filling(self) -> bool:
        waiting = len(self._queue) if self._queue else 0
        return waiting * 2 > self._limits.queue_messages or self._queued_bytes * 2 > self._limits.queue_bytes

    def _wake_up(self) -> None:
        if self._room is not None and not self._room.done():
            self._room.set_result(None)
        self._room = None

    def _tick(self) -> None:
        now = self._loop.time()
        if self.claims is None:
            self.close(Close.UNAUTHENTICATED, "no token was shown in time")
        elif self.expires_at is not None and now >= self.expires_at:
            self.close(Close.UNAUTHENTICATED, "the token has expired")
        elif self._sending_since is not None and now - self._sending_since > self._limits.send_s:
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
        if self._clock is not None:
            self._clock.cancel()
        due = self._next_ping if self.expires_at is None else min(self._next_ping, self.expires_at)
        self._clock = None if self.closing else self._loop.call_at(due, self._tick)
