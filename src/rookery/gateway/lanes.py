"""Express lanes: the hottest requests, answered between edge and router.

Routing, parameter parsing and dependency injection cost more than reading a home timeline from the cache does
(measured: half of the server's CPU time). A lane takes the plain form of such a request and nothing else. Its route
stays: it documents the address, and answers whatever the lane leaves to it, refusals of bad input included.
"""

from collections.abc import Awaitable, Callable, Mapping

from rookery.gateway.edge.exchange import WHOLE_ANSWER, ASGIApp, Exchange, Message, Receive, Scope, Send
from rookery.kit.identity import SCOPE_KEY

# From a signed-in user and a raw query string (GET) or body (POST) to the JSON of the answer; None: for the router.
Lane = Callable[[int, bytes], Awaitable[bytes | None]]


class Lanes:
    """ASGI middleware around the router. Lanes go by path and hold for signed-in users.

    `reads` take GET and answer 200. `writes` take POST of `application/json` without an Idempotency-Key, answer 201.
    """

    def __init__(self, app: ASGIApp, reads: Mapping[str, Lane], writes: Mapping[str, Lane]) -> None:
        self._app = app
        self._reads = reads
        self._writes = writes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        claims = scope.get(SCOPE_KEY)
        if claims is None or scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path, status, body = scope["path"], 200, None
        if scope["method"] == "GET" and (lane := self._reads.get(path)) is not None:
            scope["path_template"] = path  # before the lane, which may refuse: for the metrics, as the router has it
            body = await lane(claims.user_id, scope["query_string"])
        elif scope["method"] == "POST" and (lane := self._writes.get(path)) is not None and _is_plain(scope):
            scope["path_template"] = path
            status, given, receive = 201, *await _read(receive)
            body = None if given is None else await lane(claims.user_id, given)
        if body is None:
            await self._app(scope, receive, send)
            return
        exchange: Exchange = scope["rookery.exchange"]
        await exchange.answer_json(status, body, scope.get(WHOLE_ANSWER))


def _is_plain(scope: Scope) -> bool:
    types = [value for name, value in scope["headers"] if name == b"content-type"]
    keyed = any(name == b"idempotency-key" for name, _ in scope["headers"])
    return types == [b"application/json"] and not keyed and not scope["query_string"]


async def _read(receive: Receive) -> tuple[bytes | None, Receive]:
    """The body where it came in one piece, else None; and a `receive` that gives what was taken once more."""
    first = await receive()
    taken: list[Message] = [first]

    async def again() -> Message:
        return taken.pop() if taken else await receive()

    whole = first["type"] == "http.request" and not first.get("more_body")
    return (first.get("body", b"") if whole else None), again
