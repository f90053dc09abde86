"""The stream alone, behind the real edge and the real web server, in the process of the test."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from litestar import Litestar
from uvicorn.server import ServerState

from rookery.gateway.edge import Edge
from rookery.gateway.server import HttpProtocol
from rookery.gateway.stream.gateway import LiveGateway
from rookery.gateway.stream.limits import StreamLimits
from rookery.gateway.stream.routes import stream_route
from rookery.gateway.wiring import Services
from rookery.kit.rendering import EXCEPTION_HANDLERS

PATIENCE_S = 20.0


class Stage:
    def __init__(self, gateway: LiveGateway, state: ServerState, url: str) -> None:
        self.gateway = gateway
        self.state = state
        self.url = url

    async def emptied(self) -> None:
        """Wait until the server knows of no connection any more."""
        async with asyncio.timeout(PATIENCE_S):
            while self.state.connections or self.gateway._open or self.state.tasks:
                await asyncio.sleep(0.01)


@asynccontextmanager
async def staged(services: Services, limits: StreamLimits | None = None) -> AsyncIterator[Stage]:
    gateway = LiveGateway(services, limits)
    await gateway.open()
    route = stream_route(gateway, services.resources.settings)
    app = Litestar([route], exception_handlers=EXCEPTION_HANDLERS, logging_config=None, openapi_config=None)
    config = uvicorn.Config(Edge(app, services), http=HttpProtocol, ws="none", log_config=None, access_log=False)
    state = ServerState()
    loop = asyncio.get_running_loop()
    listener = await loop.create_server(lambda: HttpProtocol(config, state, {}), "127.0.0.1", 0)
    try:
        yield Stage(gateway, state, f"ws://127.0.0.1:{listener.sockets[0].getsockname()[1]}/v1/stream")
    finally:
        await gateway.close()
        for connection in list(state.connections):
            connection.shutdown()
        listener.close()
        await listener.wait_closed()
