"""The address of the stream."""

from typing import Any

from litestar import asgi
from litestar.handlers import ASGIRouteHandler

from rookery.gateway.stream.gateway import LiveGateway
from rookery.kit.problems import Problem


class UpgradeRequired(Problem):
    status = 426
    code = "upgrade_required"
    title = "This address speaks WebSocket"

    @property
    def headers(self) -> dict[str, str]:
        return {"Upgrade": "websocket", "Connection": "Upgrade"}


def stream_route(gateway: LiveGateway) -> ASGIRouteHandler:
    @asgi("/v1/stream", copy_scope=False)
    async def stream(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "websocket":
            raise UpgradeRequired("Connect with a WebSocket.")
        await gateway.serve(scope, receive, send)

    return stream
