"""The web server as `rookery serve` runs it, with two yardsticks more.

STATIC_PATH, beside the health routes: through the edge to the application, without limits; returns given bytes.
ECHO_PATH: a WebSocket of the same server that sends back what it gets, before any code of ours.
"""

import os
from pathlib import Path
from typing import Any

from litestar import Response, get

from rookery.gateway.app import wrap
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
        if scope["type"] == "websocket" and scope["path"] == ECHO_PATH:
            await _echo(receive, send)
        else:
            await application(scope, receive, send)

    return with_echo


async def _echo(receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": message["text"]})


if __name__ == "__main__":
    from rookery.cli.serve import serve

    serve("bench.serve:create_app", load_settings())
