"""What may be done with an address: OPTIONS for every route, with all of its methods.

Litestar answers OPTIONS by itself, but when several handlers share a path, with the methods of the first alone.
"""

import re
from collections.abc import Iterable

from litestar import Response, route
from litestar.enums import HttpMethod
from litestar.handlers import HTTPRouteHandler

from rookery.kit.params import OPTIONS_HEADERS

PARAMETER = re.compile(r"\{[^}]*\}")


def options_routes(handlers: Iterable[object]) -> list[HTTPRouteHandler]:
    """A handler of OPTIONS for each path of `handlers`; they must be registered before them."""
    methods: dict[str, set[str]] = {}
    paths: dict[str, str] = {}
    more: dict[str, dict[str, str]] = {}
    for handler in handlers:
        if isinstance(handler, HTTPRouteHandler):
            for path in handler.paths:
                paths[path] = PARAMETER.sub("{}", path)
                more.setdefault(paths[path], {}).update(handler.opt.get(OPTIONS_HEADERS, {}))
                methods.setdefault(paths[path], set()).update(str(method) for method in handler.http_methods)
    return [_options_route(path, methods[pattern], more[pattern]) for path, pattern in sorted(paths.items())]


def _options_route(path: str, methods: set[str], more: dict[str, str]) -> HTTPRouteHandler:
    allowed = {*methods, "OPTIONS", *({"HEAD"} if "GET" in methods else ())}
    headers = {"Allow": ", ".join(sorted(allowed)), **more}

    @route(path, http_method=[HttpMethod.OPTIONS], include_in_schema=False, status_code=204)
    async def options() -> Response[None]:
        return Response(None, status_code=204, headers=headers)

    return options
