"""The web server: uvicorn, with bounds on what a client may leave unfinished."""

import asyncio
import gc
import signal
from collections.abc import MutableMapping
from functools import partial
from typing import Any

import httptools
import uvicorn
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from rookery.gateway.draining import DrainingServer
from rookery.gateway.edge.exchange import UPGRADE, WHOLE_ANSWER, Upgraded
from rookery.kit.problems import Unavailable
from rookery.kit.settings import Settings

BACKLOG = 2048
HEAD_S = 10.0  # from a connection's beginning, later from the first byte of a request, to the end of the head
HEAD_MAX_BYTES = 128 * 1024  # of a head that comes in pieces; the edge bounds whole ones more tightly
EARLY_MAX_BYTES = 64 * 1024  # from a client that does not wait for the answer to its handshake
KEEP_ALIVE_S = 75
SHUTDOWN_S = 5

# Caches hold some hundred thousand objects that are never garbage; each collection walks over the young ones, and a
# full one over all. Requests make hardly any cycles, so collect a fiftieth as often: 4 % of the time of a home read.
GC_THRESHOLDS = (35_000, 20, 50)


class HttpProtocol(HttpToolsProtocol):
    """One HTTP connection, until a request upgrades it.

    Bounds what uvicorn does not: it waits for ever for the rest of a request's head, however much of it comes. A
    handshake for a WebSocket goes through the application like any other request, so that each refusal is an answer,
    and leaves nothing behind when the connection is given to the WebSocket.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._awaits_head = True
        self._head_bytes = 0
        self._head_timer: asyncio.TimerHandle | None = None
        self._upgrading = False
        self._behind_upgrade: bytearray | None = None  # what came behind a request to upgrade, until it is decided
        self._leaving = False
        self._draining = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._head_timer = self.loop.call_later(HEAD_S, self.transport.close)

    def data_received(self, data: bytes) -> None:
        if self._behind_upgrade is not None:
            self._behind_upgrade += data
            if len(self._behind_upgrade) > EARLY_MAX_BYTES:
                self.transport.close()
            return
        self._unset_keepalive_if_required()
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserError:
            self.send_400_response("Invalid HTTP request received.")
            return
        except httptools.HttpParserUpgrade as upgrade:
            if self._upgrading:
                self._behind_upgrade = bytearray(data[upgrade.args[0] :])
        self._time_head(len(data))

    def _time_head(self, received_bytes: int) -> None:
        if self._awaits_head:
            self._head_bytes += received_bytes
            if self._head_bytes > HEAD_MAX_BYTES:
                self.transport.close()
            elif self._head_timer is None:
                self._head_timer = self.loop.call_later(HEAD_S, self.transport.close)
        elif self._head_timer is not None:
            self._stop_head_timer()

    def on_headers_complete(self) -> None:
        self._awaits_head = False
        self._head_bytes = 0
        try:
            super().on_headers_complete()
        except (httptools.HttpParserInvalidURLError, UnicodeDecodeError) as error:
            raise httptools.HttpParserError("the address cannot be parsed") from error
        scope: MutableMapping[str, Any] = self.scope  # type: ignore[assignment]
        scope[WHOLE_ANSWER] = partial(answer_whole, self.cycle)
        if self._draining:
            self.cycle.keep_alive = False
        if self.parser.should_upgrade() and scope["method"] == "GET" and self._get_upgrade() == b"websocket":
            self._upgrading = True
            self.cycle.keep_alive = False  # whatever follows is no HTTP
            scope[UPGRADE] = partial(self._upgrade, self.cycle)

    def on_response_complete(self) -> None:
        self._awaits_head = not self.pipeline
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_head_timer()
        super().connection_lost(exc)

    def drain(self) -> None:
        """Close with the next answer, the one under way included."""
        self._draining = True
        if self.cycle is not None:
            self.cycle.keep_alive = False

    def shutdown(self) -> None:
        self._leaving = True
        super().shutdown()

    def _upgrade(self, cycle: RequestResponseCycle, lines: bytes, protocol: Upgraded) -> None:
        """See `rookery.gateway.edge.exchange.UPGRADE`."""
        if self._leaving or cycle.disconnected or self.transport.is_closing():
            raise Unavailable("The server is going away.")
        cycle.response_started = cycle.response_complete = True
        dated = [line for name, value in cycle.default_headers for line in (name, b": ", value, b"\r\n")]
        transport, early, paused = self.transport, self._behind_upgrade, self.flow.write_paused
        transport.write(b"".join((STATUS_LINE[101], *dated, lines, b"\r\n")))
        transport.set_protocol(protocol)  # type: ignore[arg-type]
        self._let_go(cycle)
        protocol.upgraded(transport, self.connections)
        if paused:
            protocol.pause_writing()
        if early:
            protocol.data_received(bytes(early))

    def _let_go(self, cycle: RequestResponseCycle) -> None:
        """Cut the circles through which this protocol, its parser and the request would wait for a collection."""
        self.connections.discard(self)
        self._stop_head_timer()
        self.flow.resume_reading()
        cycle.scope = None  # type: ignore[assignment]
        self.parser = self.cycle = self.flow = self.scope = self.headers = None  # type: ignore[assignment]

    def _stop_head_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None


async def answer_whole(cycle: RequestResponseCycle, status: int, head: bytes, body: bytes) -> None:
    """Answer in one piece: `head` is lines of headers with their ends, Content-Length among them, known to be sound.

    uvicorn checks each header of each answer by two expressions, about 20 us for what our answers carry. As it does,
    this waits for a client that has not taken what was written before: one who never reads gets no more than one
    answer beyond the transport's high-water mark.
    """
    if cycle.flow.write_paused and not cycle.disconnected:
        await cycle.flow.drain()
    if cycle.disconnected:
        return
    cycle.response_started = cycle.response_complete = True
    cycle.waiting_for_100_continue = False
    dated = [line for name, value in cycle.default_headers for line in (name, b": ", value, b"\r\n")]
    closing = b"\r\n" if cycle.keep_alive else b"connection: close\r\n\r\n"
    cycle.transport.write(b"".join((STATUS_LINE[status], *dated, head, closing, body)))
    cycle.message_event.set()
    if not cycle.keep_alive:
        cycle.transport.close()
    cycle.on_response()


def run_server(target: str, settings: Settings) -> None:
    """Serve the application that the factory `target` ("module:function") makes, until SIGTERM or SIGINT.

    Requests under way get SHUTDOWN_S to end; then the application's lifespan closes what it opened.
    """
    config = uvicorn.Config(
        target,
        factory=True,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http=HttpProtocol,
        ws="none",  # handshakes are requests as any others: see `HttpProtocol`
        lifespan="on",
        interface="asgi3",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=SHUTDOWN_S,
    )
    gc.set_threshold(*GC_THRESHOLDS)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)  # uvicorn raises the signal once more when it is done
    server = DrainingServer(config, settings.drain_s)
    server.run()
    if not server.started:
        raise SystemExit(3)
