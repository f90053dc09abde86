"""One HTTP request on its way through the edge, and the answer as it leaves."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping, MutableSet
from typing import Any, Protocol

import msgspec

from rookery.gateway.edge.compression import MIN_BYTES, compress
from rookery.gateway.edge.headers import NO_STORE, REVALIDATE, Header
from rookery.kit.limits import Check
from rookery.kit.problems import Problem, RateLimited
from rookery.kit.rendering import PROBLEM_JSON

JSON: Header = (b"content-type", b"application/json")

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Any, Any, Any], Awaitable[None]]

# In the scope, where the server has it: writes a whole answer (see `rookery.gateway.server`).
WHOLE_ANSWER = "rookery.whole_answer"
WriteWhole = Callable[[int, bytes, bytes], Awaitable[None]]  # status, lines of headers, body

# In the scope of a GET that asks for a WebSocket: answers 101 with lines of headers, and gives the connection to a
# protocol. Raises Unavailable when the server is going away or the client has gone.
UPGRADE = "rookery.upgrade"


class Upgraded(Protocol):
    """What takes over a connection; from then on called as an `asyncio.Protocol`."""

    def upgraded(self, transport: asyncio.Transport, connections: MutableSet[Any]) -> None:
        """The answer is written. It has to be in `connections` until it is lost."""

    def data_received(self, data: bytes) -> None: ...

    def pause_writing(self) -> None: ...

    def shutdown(self) -> None:
        """The server ends, and waits a while until the connection is lost."""


Upgrade = Callable[[bytes, Upgraded], None]


class Exchange:
    """Stands between the application and the server's `send`.

    Adds the edge's headers, compresses, remembers the status. When `check` is set, the answer is held until the rate
    limit has been decided, and thrown away for a 429 if it was refused.
    """

    __slots__ = (
        "_discarding",
        "_held",
        "_send",
        "bodiless",
        "check",
        "coding",
        "headers",
        "request_id",
        "started",
        "status",
    )

    def __init__(self, send: Send, request_id: str, headers: list[Header]) -> None:
        self._send = send
        self.request_id = request_id
        self.headers = headers  # added to whatever answer is given; owned by this exchange
        self.bodiless = False  # the request was a HEAD: headers alone
        self.coding: str | None = None  # by which an answer may be compressed
        self.check: Check | None = None
        self.status = 0  # of the answer; 0 while none has begun
        self.started = False
        self._held: Message | None = None
        self._discarding = False

    async def send(self, message: Message) -> None:
        """What the application calls."""
        if self._discarding:
            return
        if message["type"] == "http.response.start":
            if self.check is not None and (problem := await self.settle(self.check)):
                await self.refuse(problem)
                self._discarding = True
                return
            await self._begin(message)
        elif self._held is not None:
            await self._finish(self._held, message)
        else:
            await self._send({**message, "body": b""} if self.bodiless else message)

    async def settle(self, check: Check) -> RateLimited | None:
        """Wait for a rate limit's decision, and note it in the headers; returns the refusal, if it is one."""
        self.check = None
        decision = await check.decision()
        self.headers += decision.headers
        if decision.allowed:
            return None
        return RateLimited("Slow down; Retry-After says for how long.", retry_after_s=decision.retry_after_s)

    async def answer_json(self, status: int, body: bytes, write: WriteWhole | None) -> None:
        """Answer with JSON that may change at any time; `write` is the server's short way, where there is one."""
        if self.check is not None and (problem := await self.settle(self.check)):
            await self.refuse(problem)
            return
        if write is None or self.coding is not None or self.bodiless:
            length = (b"content-length", b"%d" % len(body))
            await self.send({"type": "http.response.start", "status": status, "headers": [JSON, length]})
            await self.send({"type": "http.response.body", "body": body})
            return
        self.started, self.status = True, status
        cached = REVALIDATE if status == 200 else NO_STORE
        lines = [b"%b: %b\r\n" % header for header in (JSON, cached, *self.headers)]
        await write(status, b"".join((*lines, b"content-length: %d\r\n" % len(body))), body)

    def upgraded(self) -> None:
        """The connection was given away; the answer was a 101."""
        self.started, self.status = True, 101

    async def refuse(self, problem: Problem) -> None:
        """Answer with a problem document."""
        body = msgspec.json.encode(problem.document(self.request_id))
        headers = [(name.lower().encode(), value.encode()) for name, value in problem.headers.items()]
        await self.answer(problem.status, [*headers, NO_STORE, (b"content-type", PROBLEM_JSON.encode())], body)

    async def answer(self, status: int, headers: list[Header], body: bytes = b"") -> None:
        """Give a whole answer of the edge's own."""
        self.started, self.status = True, status
        length = [] if status in (204, 304) else [(b"content-length", str(len(body)).encode())]
        await self._send(
            {"type": "http.response.start", "status": status, "headers": [*headers, *length, *self.headers]}
        )
        await self._send({"type": "http.response.body", "body": b"" if self.bodiless else body})

    async def _begin(self, message: Message) -> None:
        headers: list[Header] = message["headers"]
        self.status = message["status"]
        compressible, cached = _look_at(headers)
        message["headers"] = [*headers, *self.headers]
        if not cached:
            message["headers"].append(REVALIDATE if self.status == 200 else NO_STORE)
        if compressible and self.coding is not None:
            self._held = message
            return
        self.started = True
        await self._send(message)

    async def _finish(self, start: Message, message: Message) -> None:
        """Send a held start with its body, compressed when that is all of it."""
        self._held, self.started = None, True
        body = message.get("body", b"")
        if self.coding is not None and len(body) >= MIN_BYTES and not message.get("more_body"):
            body = message["body"] = await compress(self.coding, body)
            start["headers"] = [pair for pair in start["headers"] if pair[0] != b"content-length"]
            start["headers"] += [
                (b"content-encoding", self.coding.encode()),
                (b"content-length", str(len(body)).encode()),
            ]
        await self._send(start)
        await self._send(message)


def _look_at(headers: list[Header]) -> tuple[bool, bool]:
    """Whether an answer with these headers is worth compressing, and whether it says how to cache it."""
    compressible = cached = unsuited = False
    for name, value in headers:
        if name == b"content-type":
            compressible = value.startswith(b"application/json")
        elif name == b"content-length":
            unsuited = unsuited or len(value) < 4 or int(value) < MIN_BYTES
        elif name == b"cache-control":
            cached = True
        elif name == b"set-cookie" or name == b"content-encoding":
            unsuited = True
    return compressible and not unsuited, cached
