"""Valkey over one multiplexed RESP3 connection, read by hiredis.

Commands of all coroutines share the connection: what is sent within one turn of the event loop leaves in one write, and
replies come back in order. Publications arrive on the same connection, in the order in which the server executed them
among our commands: a reply that follows a publication was computed after it. `rookery.kit.local_cache` needs that.

Valkey is a cache. While it is away every command raises CacheUnavailable at once, and callers go to PostgreSQL.

    CacheError
    ├── CacheUnavailable   no connection, or it broke before the reply came
    └── CacheReplyError    the server refused the command
"""

import asyncio
import contextlib
import hashlib
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, cast
from urllib.parse import unquote, urlsplit

import hiredis
import structlog

REPLY_TIMEOUT_S = 2.0
RECONNECT_MIN_S = 0.05
RECONNECT_MAX_S = 1.0

Argument = bytes | str | int | float | memoryview
Call = tuple[Sequence[Argument], Sequence[Argument]]  # keys and arguments of a script
PublicationHandler = Callable[[bytes], None]

log = structlog.get_logger(__name__)


class CacheError(Exception):
    """Base of what can go wrong with Valkey."""


class CacheUnavailable(CacheError):
    """No connection, or it broke before the reply came: the command may or may not have been executed."""


class CacheReplyError(CacheError):
    """The server answered with an error."""


def _pack(command: Sequence[Argument]) -> bytes:
    return cast(bytes, hiredis.pack_command(tuple(command)))  # type: ignore[arg-type]


class Script:
    """A Lua script, sent by its digest; the source follows only when the server does not know it."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.digest = hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest()


class _Protocol(asyncio.Protocol):
    """The wire: replies to waiting futures in order, pushes to the handlers."""

    def __init__(self, cache: "Cache") -> None:
        self._cache = cache
        self._reader = hiredis.Reader(protocolError=CacheReplyError, replyError=CacheReplyError)
        self.pending: deque[tuple[asyncio.Future[Any], float]] = deque()
        self.transport: asyncio.Transport | None = None
        self._buffer: list[bytes] = []
        self._loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._reader.feed(data)
        while True:
            reply = self._reader.gets()
            if reply is False:  # RESP3 booleans are not used by the commands that we send
                return
            if isinstance(reply, hiredis.PushNotification):
                self._cache._on_push(reply)
                continue
            future, _ = self.pending.popleft()
            if future.done():
                continue
            if isinstance(reply, CacheReplyError):
                future.set_exception(reply)
            else:
                future.set_result(reply)

    def send(self, packed: bytes) -> "asyncio.Future[Any]":
        future: asyncio.Future[Any] = self._loop.create_future()
        self.pending.append((future, self._loop.time()))
        if not self._buffer:
            self._loop.call_soon(self._flush)
        self._buffer.append(packed)
        return future

    def _flush(self) -> None:
        # On a closing connection nothing can be written; `connection_lost` is about to tell those who wait.
        if self.transport is not None and self._buffer and not self.transport.is_closing():
            self.transport.write(b"".join(self._buffer))
        self._buffer = []

    def connection_lost(self, exc: Exception | None) -> None:
        while self.pending:
            future, _ = self.pending.popleft()
            if not future.done():
                future.set_exception(CacheUnavailable("the connection to Valkey broke"))
        self._cache._on_lost(self)

    def abort_when_stuck(self) -> None:
        if self.pending and self._loop.time() - self.pending[0][1] > REPLY_TIMEOUT_S and self.transport:
            log.warning("cache.stuck")
            self.transport.abort()


class Cache:
    """A Valkey server at `redis://`, `rediss://` (TLS), `valkey://` or `unix:///path.sock`.

    Keeps one connection open, for ever: a broken one is replaced with back-off. `blocking=True` is for a connection of
    its own on which commands may block (XREAD), without the stuck-reply watch.
    """

    def __init__(self, url: str, *, blocking: bool = False) -> None:
        self._url = urlsplit(url)
        self._blocking = blocking
        self._protocol: _Protocol | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._lost = asyncio.Event()
        self._connected = asyncio.Event()
        self._handlers: dict[bytes, PublicationHandler] = {}
        self._on_connection: list[Callable[[bool], None]] = []

    @property
    def connected(self) -> bool:
        return self._protocol is not None

    async def open(self, timeout_s: float = 5.0) -> None:
        """Start keeping a connection; waits up to `timeout_s` for the first and goes on without if none comes."""
        self._keeper = asyncio.create_task(self._keep())
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._connected.wait(), timeout_s)

    async def close(self) -> None:
        if self._keeper is not None:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
        if self._protocol is not None and self._protocol.transport is not None:
            self._protocol.transport.close()
            self._protocol = None

    def subscribe(self, channel: str, handler: PublicationHandler) -> None:
        """Call `handler(message)` for each publication on `channel`. Called before `open`."""
        self._handlers[channel.encode()] = handler

    def on_connection(self, listener: Callable[[bool], None]) -> None:
        """Call `listener(True)` when a connection stands with all subscriptions, `listener(False)` when it is lost."""
        self._on_connection.append(listener)

    def send(self, *command: Argument) -> "asyncio.Future[Any]":
        """Queue a command and return the future of its reply; raises CacheUnavailable when there is no connection."""
        if self._protocol is None:
            raise CacheUnavailable("no connection to Valkey")
        return self._protocol.send(_pack(command))

    async def execute(self, *command: Argument) -> Any:
        """Send a command and return its reply: bytes, int, float, None, list or dict as RESP3 has it."""
        return await self.send(*command)

    async def pipeline(self, commands: Sequence[Sequence[Argument]]) -> list[Any]:
        """Send many commands in one write and return their replies in order; a refused one is returned, not raised."""
        if self._protocol is None:
            raise CacheUnavailable("no connection to Valkey")
        futures = [self._protocol.send(_pack(command)) for command in commands]
        replies = await asyncio.gather(*futures, return_exceptions=True)
        for reply in replies:
            if isinstance(reply, CacheUnavailable):
                raise reply
        return list(replies)

    async def run(self, script: Script, keys: Sequence[Argument], arguments: Sequence[Argument] = ()) -> Any:
        """Run a script on the server: one round trip once the server knows it."""
        try:
            return await self.send("EVALSHA", script.digest, len(keys), *keys, *arguments)
        except CacheReplyError as error:
            if not str(error).startswith("NOSCRIPT"):
                raise
            return await self.send("EVAL", script.source, len(keys), *keys, *arguments)

    async def run_each(self, script: Script, calls: Sequence[Call]) -> list[Any]:
        """Run a script once for each (keys, arguments), all in one write; replies in order."""
        commands = [("EVALSHA", script.digest, len(keys), *keys, *arguments) for keys, arguments in calls]
        replies = await self.pipeline(commands)
        for nth, reply in enumerate(replies):
            if isinstance(reply, CacheReplyError):  # most likely NOSCRIPT; anything else is raised here
                replies[nth] = await self.run(script, *calls[nth])
        return replies

    def _on_push(self, push: list[Any]) -> None:
        if push[0] == b"message" and (handler := self._handlers.get(push[1])):
            try:
                handler(push[2])
            except Exception:
                log.exception("cache.publication_handler_failed", channel=push[1].decode())

    def _on_lost(self, protocol: _Protocol) -> None:
        if self._protocol is protocol:
            self._protocol = None
            self._connected.clear()
            for listener in self._on_connection:
                listener(False)
        self._lost.set()

    async def _keep(self) -> None:
        delay_s = RECONNECT_MIN_S
        while True:
            self._lost.clear()
            try:
                protocol = await self._connect()
                delay_s = RECONNECT_MIN_S
                await self._watch(protocol)
            except (OSError, CacheError, TimeoutError) as error:
                log.info("cache.connect_failed", error=str(error))
                await asyncio.sleep(delay_s)
                delay_s = min(delay_s * 2, RECONNECT_MAX_S)

    async def _watch(self, protocol: _Protocol) -> None:
        while not self._lost.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.5):  # wait_for of Python 3.11 may swallow the cancellation by `close`
                    await self._lost.wait()
            if not self._blocking:
                protocol.abort_when_stuck()

    async def _connect(self) -> _Protocol:
        loop = asyncio.get_running_loop()
        protocol = _Protocol(self)
        url = self._url
        async with asyncio.timeout(REPLY_TIMEOUT_S):
            if url.scheme == "unix":
                await loop.create_unix_connection(lambda: protocol, url.path)
            else:
                tls = True if url.scheme == "rediss" else None
                await loop.create_connection(lambda: protocol, url.hostname or "127.0.0.1", url.port or 6379, ssl=tls)
            try:
                await self._greet(protocol)
            except BaseException:
                if protocol.transport is not None:
                    protocol.transport.abort()
                raise
        self._protocol = protocol
        self._connected.set()
        for listener in self._on_connection:
            listener(True)
        return protocol

    async def _greet(self, protocol: _Protocol) -> None:
        """Switch to RESP3, sign in, choose the database, subscribe."""
        hello: list[Argument] = ["HELLO", "3"]
        if self._url.password is not None:
            hello += ["AUTH", unquote(self._url.username or "default"), unquote(self._url.password)]
        await protocol.send(_pack(hello))
        if self._url.scheme != "unix" and self._url.path.strip("/"):
            await protocol.send(_pack(("SELECT", self._url.path.strip("/"))))
        if self._handlers:
            # Confirmations of SUBSCRIBE are pushes, not replies: a PING behind them tells when they are in force.
            packed = _pack(("SUBSCRIBE", *self._handlers))
            await protocol.send(packed + _pack(("PING",)))
