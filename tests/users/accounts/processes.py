"""Further processes of the application, each with connections, caches and keys of its own, as on another machine."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import msgspec

from rookery.gateway.app import create_litestar
from rookery.gateway.edge import Edge
from rookery.gateway.wiring import Services
from rookery.kit.settings import Settings


class Process:
    """An application that runs, and clients that reach it from any address."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self._app = Edge(create_litestar(services, lifespan=False), services)

    def client(self, ip_address: str = "127.0.0.1", **headers: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=self._app, client=(ip_address, 40000))
        return httpx.AsyncClient(transport=transport, base_url="http://rookery.test", headers=headers)


@asynccontextmanager
async def running(settings: Settings, **changes: Any) -> AsyncIterator[Process]:
    """A process with these settings, some of them changed."""
    services = Services(msgspec.structs.replace(settings, **changes))
    await services.open()
    try:
        yield Process(services)
    finally:
        await services.close()
