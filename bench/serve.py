"""The web server as `rookery serve` runs it, with two yardsticks more.

STATIC_PATH, beside the health routes: through the edge to the application, without limits; returns given bytes.
ECHO_PATH: a WebSocket of the same server that sends back what it gets, before any code of ours.
"""

import os
from pathlib import Path
from typing import Any

from litestar import Response, get

from rookery.gateway.app import wrap
from rookery.gateway.edge.exchange import UPGRADE
from rookery.gateway.stream.handshake import accept_handshake
from rookery.gateway.stream.socket import WebSocket
from rookery.gateway.wiring import Services
from rookery.kit.settings import load_settings

STATIC_PATH = "/healthz/bench"
ECHO_PATH = "/healthz/echo"


def create_app() -> Any:
    body = Path(os.environ["ROOKERY_BENCH_STATIC"]).read_bytes()

    @get(STATIC_PATH, include_in_schema=False)
    async def static() -> Response[bytes]:
        return Response(body, media_type="application/json")

    application = wrap(Services(load_settings()), extra_routes=[static])

    async def with_echo(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"] == ECHO_PATH:
            socket = WebSocket()
            socket.receiver = Echo(socket)
            scope[UPGRADE](accept_handshake(scope), socket)
        else:
            await application(scope, receive, send)

    return with_echo


class Echo:
    """Sends back what comes: a receiver (see `rookery.gateway.stream.socket`)."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket

    def frame_received(self) -> bool:
        return True

    def text_received(self, text: str) -> None:
        self._socket.send_text(text)

    def binary_received(self) -> None:
        self._socket.close(1003, "messages are text")

    def writing_paused(self) -> None:
        return

    def writing_resumed(self) -> None:
        return

    def lost(self, code: int | None) -> None:
        return

    def going_away(self) -> None:
        self._socket.close(1001, "")


if __name__ == "__main__":
    from rookery.cli.serve import serve

    serve("bench.serve:create_app", load_settings())
