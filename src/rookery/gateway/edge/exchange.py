"""One HTTP request on its way through the edge, and the answer as it leaves."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import msgspec

from rookery.gateway.edge.headers import Header
from rookery.kit.problems import Problem
from rookery.kit.rendering import PROBLEM_JSON

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Any, Any, Any], Awaitable[None]]


class Exchange:
    """Wraps `send`: adds the edge's headers, and remembers status and whether the answer has begun."""

    __slots__ = ("_send", "headers", "request_id", "started", "status")

    def __init__(self, send: Send, request_id: str, headers: list[Header]) -> None:
        self._send = send
        self.request_id = request_id
        self.headers = headers  # added to whatever answer is given; owned by this exchange
        self.status = 0
        self.started = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            self.status = message["status"]
            message["headers"] = [*message["headers"], *self.headers]
        await self._send(message)

    async def answer(self, status: int, headers: list[Header], body: bytes = b"") -> None:
        """Give a whole answer of the edge's own."""
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})

    async def refuse(self, problem: Problem) -> None:
        """Answer with a problem document."""
        body = msgspec.json.encode(problem.document(self.request_id))
        headers = [(name.lower().encode(), value.encode()) for name, value in problem.headers.items()]
        headers += [(b"content-type", PROBLEM_JSON.encode()), (b"content-length", str(len(body)).encode())]
        await self.answer(problem.status, headers, body)
