"""The HTTP application: routes of all services in one Litestar app, behind the edge."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from litestar import Litestar
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler

from rookery.gateway.docs import ROUTES as DOCS_ROUTES
from rookery.gateway.docs import openapi_config
from rookery.gateway.edge import Edge
from rookery.gateway.health import ROUTES as HEALTH_ROUTES
from rookery.gateway.lanes import Lanes
from rookery.gateway.options import options_routes
from rookery.gateway.stream.gateway import LiveGateway
from rookery.gateway.stream.routes import stream_route
from rookery.gateway.wiring import Services
from rookery.kit.bodies import ApiRequest
from rookery.kit.metrics import metrics_listener
from rookery.kit.params import check_path_ids
from rookery.kit.rendering import EXCEPTION_HANDLERS
from rookery.kit.settings import Settings, load_settings
from rookery.kit.telemetry import configure_logging
from rookery.media.routes import ROUTES as MEDIA_ROUTES
from rookery.notifications.routes import ROUTES as NOTIFICATION_ROUTES
from rookery.posts.routes import POSTS_PATH, create_lane
from rookery.posts.routes import ROUTES as POST_ROUTES
from rookery.search.routes import ROUTES as SEARCH_ROUTES
from rookery.search.suggestions.routes import ROUTES as SUGGESTION_ROUTES
from rookery.search.trends.routes import ROUTES as TREND_ROUTES
from rookery.timelines.routes import HOME_PATH, home_lane
from rookery.timelines.routes import ROUTES as TIMELINE_ROUTES
from rookery.users.routes import ROUTES as USER_ROUTES


def create_litestar(
    services: Services, *, lifespan: bool = True, extra_routes: Sequence[HTTPRouteHandler] = ()
) -> Litestar:
    """The routes of `services`; with `lifespan`, the application opens and closes them."""
    stream = LiveGateway(services)

    @asynccontextmanager
    async def keep_open(_: Litestar) -> AsyncIterator[None]:
        settings = services.resources.settings
        async with metrics_listener(settings.metrics_host, settings.metrics_port):
            await services.open()
            try:
                await stream.open()
                yield
            finally:
                await stream.close()
                await services.close()

    routes = [
        *USER_ROUTES,
        *POST_ROUTES,
        *TIMELINE_ROUTES,
        *NOTIFICATION_ROUTES,
        *MEDIA_ROUTES,
        *TREND_ROUTES,
        *SUGGESTION_ROUTES,
        *SEARCH_ROUTES,
        *HEALTH_ROUTES,
        *DOCS_ROUTES,
        *extra_routes,
    ]
    return Litestar(
        route_handlers=[*options_routes(routes), *routes, stream_route(stream, services.resources.settings)],
        dependencies={
            "users": _provide(services.users),
            "posts": _provide(services.posts),
            "timelines": _provide(services.timelines),
            "for_you": _provide(services.timelines.for_you),
            "media": _provide(services.media),
            "notifications": _provide(services.notifications),
            "trends": _provide(services.trends),
            "suggestions": _provide(services.suggestions),
            "search": _provide(services.search),
            "resources": _provide(services.resources),
        },
        request_class=ApiRequest,
        before_request=check_path_ids,
        exception_handlers=EXCEPTION_HANDLERS,
        lifespan=[keep_open] if lifespan else [],
        openapi_config=openapi_config(),
        logging_config=None,
        request_max_body_size=services.resources.settings.max_body_bytes,
    )


def create_app(settings: Settings | None = None) -> Any:
    """The whole application as an ASGI callable: what the web server runs."""
    settings = settings or load_settings()
    configure_logging(settings)
    return wrap(Services(settings))


def wrap(services: Services, *, lifespan: bool = True, extra_routes: Sequence[HTTPRouteHandler] = ()) -> Any:
    """The application behind the edge."""
    reads = {HOME_PATH: partial(home_lane, services.timelines)}
    writes = {POSTS_PATH: partial(create_lane, services.posts)}
    return Edge(Lanes(create_litestar(services, lifespan=lifespan, extra_routes=extra_routes), reads, writes), services)


def _provide(value: object) -> Provide:
    return Provide(lambda: value, sync_to_thread=False, use_cache=True)
