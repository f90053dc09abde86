"""The HTTP application: routes of the services of a process in one Litestar app, behind the edge."""

import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from functools import partial
from typing import Any

from litestar import Litestar
from litestar.di import Provide
from litestar.handlers import ASGIRouteHandler, HTTPRouteHandler

from rookery.contracts.apis import EVERYTHING, SERVED
from rookery.gateway.docs import ROUTES as DOCS_ROUTES
from rookery.gateway.docs import openapi_config
from rookery.gateway.edge import Edge
from rookery.gateway.health import ROUTES as HEALTH_ROUTES
from rookery.gateway.lanes import Lane, Lanes
from rookery.gateway.options import options_routes
from rookery.gateway.stream.gateway import LiveGateway
from rookery.gateway.stream.routes import stream_route
from rookery.gateway.wiring import Services
from rookery.kit.bodies import ApiRequest
from rookery.kit.cache import CacheError
from rookery.kit.metrics import metrics_listener
from rookery.kit.params import check_path_ids
from rookery.kit.rendering import EXCEPTION_HANDLERS
from rookery.kit.rpc.server import InternalCalls
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

ROUTES: Mapping[str, Sequence[HTTPRouteHandler]] = {
    "users": USER_ROUTES,
    "posts": POST_ROUTES,
    "timelines": TIMELINE_ROUTES,
    "notifications": NOTIFICATION_ROUTES,
    "media": MEDIA_ROUTES,
    "search": [*SEARCH_ROUTES, *TREND_ROUTES, *SUGGESTION_ROUTES],
    "gateway": DOCS_ROUTES,
}


def create_litestar(
    services: Services, *, lifespan: bool = True, extra_routes: Sequence[HTTPRouteHandler] = ()
) -> Litestar:
    """The routes of `services`; with `lifespan`, the application opens and closes them."""
    stream = LiveGateway(services) if "gateway" in services.here else None

    @contextlib.asynccontextmanager
    async def keep_open(_: Litestar) -> AsyncIterator[None]:
        settings = services.resources.settings
        async with metrics_listener(settings.metrics_host, settings.metrics_port):
            await services.open()
            try:
                if stream is not None:
                    await stream.open()
                yield
            finally:
                if stream is not None:
                    await stream.close()
                await services.close()

    here = [name for name in SERVED if name in services.here]
    routes = [*(route for name in here for route in ROUTES[name]), *HEALTH_ROUTES, *extra_routes]
    streams: list[ASGIRouteHandler] = [] if stream is None else [stream_route(stream, services.resources.settings)]
    app = Litestar(
        route_handlers=[*options_routes(routes), *routes, *streams],
        dependencies={name: _provide(value) for name, value in _dependencies(services).items()},
        request_class=ApiRequest,
        before_request=check_path_ids,
        exception_handlers=EXCEPTION_HANDLERS,
        lifespan=[keep_open] if lifespan else [],
        openapi_config=openapi_config(),
        logging_config=None,
        request_max_body_size=services.resources.settings.max_body_bytes,
    )
    app.state["described"] = partial(_described, app, services)
    return app


def create_app(settings: Settings | None = None) -> Any:
    """The application of the services that the settings name, as an ASGI callable: what the web server runs."""
    settings = settings or load_settings()
    configure_logging(settings)
    return wrap(Services(settings, settings.services or EVERYTHING))


def wrap(services: Services, *, lifespan: bool = True, extra_routes: Sequence[HTTPRouteHandler] = ()) -> Any:
    """The application behind the edge, and what other processes may call beside it."""
    reads: dict[str, Lane] = {}
    writes: dict[str, Lane] = {}
    if "timelines" in services.here:
        reads[HOME_PATH] = partial(home_lane, services.timelines)
    if "posts" in services.here:
        writes[POSTS_PATH] = partial(create_lane, services.posts)
    litestar = create_litestar(services, lifespan=lifespan, extra_routes=extra_routes)
    edge = Edge(Lanes(litestar, reads, writes), services, web="gateway" in services.here)

    async def catch_up() -> None:
        """Without a connection nothing is kept that could be old."""
        with contextlib.suppress(CacheError):
            await services.resources.cache.execute("PING")

    return InternalCalls(edge, services.endpoints(), services.peers.tokens, catch_up)


def _dependencies(services: Services) -> dict[str, object]:
    """What handlers ask for by name: a service that is here, or a part of it."""
    parts: dict[str, Callable[[], dict[str, object]]] = {
        "users": lambda: {"users": services.users},
        "posts": lambda: {"posts": services.posts},
        "timelines": lambda: {"timelines": services.timelines, "for_you": services.timelines.for_you},
        "notifications": lambda: {"notifications": services.notifications},
        "media": lambda: {"media": services.media},
        "search": lambda: {
            "search": services.search,
            "trends": services.trends,
            "suggestions": services.suggestions,
        },
    }
    found: dict[str, object] = {"resources": services.resources, "peers": services.peers}
    for name, part in parts.items():
        if name in services.here:
            found |= part()
    return found


def _described(app: Litestar, services: Services) -> Litestar:
    """The application whose routes the API's description is about: all of them, wherever they run."""
    if services.here.issuperset(SERVED):
        return app
    return create_litestar(Services(services.resources.settings), lifespan=False)


def _provide(value: object) -> Provide:
    return Provide(lambda: value, sync_to_thread=False, use_cache=True)
