"""The address of the stream."""

from typing import Any

import structlog
from litestar import asgi
from litestar.handlers import ASGIRouteHandler

from rookery.gateway.edge.exchange import UPGRADE, Exchange, Upgrade
from rookery.gateway.edge.headers import Origins
from rookery.gateway.stream.gateway import LiveGateway
from rookery.gateway.stream.handshake import UpgradeRequired, accept_handshake
from rookery.kit.problems import Forbidden
from rookery.kit.settings import Settings

log = structlog.get_logger(__name__)


def stream_route(gateway: LiveGateway, settings: Settings) -> ASGIRouteHandler:
    origins = Origins(settings)

    @asgi("/v1/stream", copy_scope=False)
    async def stream(scope: Any, receive: Any, send: Any) -> None:
        upgrade: Upgrade | None = scope.get(UPGRADE)
        if upgrade is None:
            raise UpgradeRequired("Connect with a WebSocket.")
        lines = accept_handshake(scope)
        headers = dict(scope["headers"])
        if not origins.may_connect(headers):
            log.info("stream.foreign_origin", origin=headers[b"origin"].decode("latin-1"))
            raise Forbidden("Pages of this origin may not open streams.", code="origin_not_allowed")
        exchange: Exchange = scope["rookery.exchange"]
        lines += b"x-request-id: %b\r\n" % exchange.request_id.encode()
        gateway.connect(scope["rookery.client_ip"], upgrade, lines)
        exchange.upgraded()

    return stream
