"""Express lanes: the hottest reads, answered between edge and router.

Routing, parameter parsing and dependency injection cost more than reading a home timeline from the cache does
(measured: half of the server's CPU time). A lane takes the plain form of such a request and nothing else. Its route
stays: it documents the address, and answers whatever the lane leaves to it, refusals included.
"""

from collections.abc import Awaitable, Callable, Mapping

from rookery.gateway.edge.exchange import WHOLE_ANSWER, ASGIApp, Exchange, Receive, Scope, Send
from rookery.kit.identity import SCOPE_KEY

# From a signed-in user and a raw query string to the JSON of the answer; None: left to the router.
Lane = Callable[[int, bytes], Awaitable[bytes | None]]


class Lanes:
    """ASGI middleware around the router. `lanes` go by path and hold for GET by signed-in users."""

    def __init__(self, app: ASGIApp, lanes: Mapping[str, Lane]) -> None:
        self._app = app
        self._lanes = lanes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or (body := await self._take(scope)) is None:
            await self._app(scope, receive, send)
            return
        exchange: Exchange = scope["rookery.exchange"]
        await exchange.answer_json(scope.get(WHOLE_ANSWER), body)

    async def _take(self, scope: Scope) -> bytes | None:
        lane = self._lanes.get(scope["path"])
        claims = scope.get(SCOPE_KEY)
        if lane is None or claims is None or scope["method"] != "GET":
            return None
        scope["path_template"] = scope["path"]
        return await lane(claims.user_id, scope["query_string"])
