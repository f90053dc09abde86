"""The HTTP application: routes of all services in one Litestar app, behind the edge."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme, Server

import rookery
from rookery.gateway.edge import Edge
from rookery.gateway.health import ROUTES as HEALTH_ROUTES
from rookery.gateway.wiring import Services
from rookery.kit.rendering import EXCEPTION_HANDLERS
from rookery.kit.settings import Settings, load_settings
from rookery.notifications.routes import ROUTES as NOTIFICATION_ROUTES
from rookery.posts.routes import ROUTES as POST_ROUTES
from rookery.timelines.routes import ROUTES as TIMELINE_ROUTES
from rookery.users.routes import ROUTES as USER_ROUTES


def create_litestar(services: Services, *, lifespan: bool = True) -> Litestar:
    """The routes of `services`; with `lifespan`, the application opens and closes them."""

    @asynccontextmanager
    async def keep_open(_: Litestar) -> AsyncIterator[None]:
        await services.open()
        try:
            yield
        finally:
            await services.close()

    return Litestar(
        route_handlers=[*USER_ROUTES, *POST_ROUTES, *TIMELINE_ROUTES, *NOTIFICATION_ROUTES, *HEALTH_ROUTES],
        dependencies={
            "users": _provide(services.users),
            "posts": _provide(services.posts),
            "timelines": _provide(services.timelines),
            "notifications": _provide(services.notifications),
            "resources": _provide(services.resources),
        },
        exception_handlers=EXCEPTION_HANDLERS,
        lifespan=[keep_open] if lifespan else [],
        openapi_config=_openapi(),
        logging_config=None,
        request_max_body_size=services.resources.settings.max_body_bytes,
    )


def create_app(settings: Settings | None = None) -> Any:
    """The whole application as an ASGI callable: what Granian serves."""
    services = Services(settings or load_settings())
    return Edge(create_litestar(services), services)


def _provide(value: object) -> Provide:
    return Provide(lambda: value, sync_to_thread=False, use_cache=True)


def _openapi() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="Rookery",
        version=rookery.__version__,
        path="/v1",
        servers=[Server(url="/")],
        components=Components(
            security_schemes={"bearer": SecurityScheme(type="http", scheme="bearer", bearer_format="JWT")}
        ),
    )
