"""The web server as `rookery serve` runs it, with one static route more: the yardstick that returns the same bytes."""

import os
from pathlib import Path
from typing import Any

from litestar import Response, get

from rookery.gateway.app import wrap
from rookery.gateway.wiring import Services
from rookery.kit.settings import load_settings

STATIC_PATH = "/healthz/bench"  # beside the health routes: through the edge to the application, without limits


def create_app() -> Any:
    body = Path(os.environ["ROOKERY_BENCH_STATIC"]).read_bytes()

    @get(STATIC_PATH, include_in_schema=False)
    async def static() -> Response[bytes]:
        return Response(body, media_type="application/json")

    return wrap(Services(load_settings()), extra_routes=[static])


if __name__ == "__main__":
    from rookery.cli.serve import serve

    serve("bench.serve:create_app", load_settings())
