"""The description of the API: OpenAPI 3.1 at `/v1/openapi.json`, and pages to try it out at `/v1/docs`.

The pages are Swagger UI, from the official npm package, which the web app's build copies to `docs/` in its output:
pinned by the same lock as the rest of what browsers get from us, no CDN, and nothing inline, so that our policy holds.
(The PyPI packages that carry it are older than OpenAPI 3.1, or bring integrations for a dozen frameworks along.)
"""

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Litestar, Request, Response, Router, get
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, License, SecurityScheme, Server

import rookery
from rookery.gateway.links import add_links
from rookery.kit.rendering import PROBLEM_JSON

AnyRequest = Request[Any, Any, Any]
Json = dict[str, Any]

NO_CACHE = {"Cache-Control": "no-cache"}
EMPTY = [{kind: {"schema": {"type": "null"}}} for kind in ("application/json", "text/plain")]
FILLING = "Additional response"  # Litestar's description of what a route documents without one
METHODS = ("get", "put", "post", "delete", "patch")

GENERIC_PAGE = re.compile(r"^Page_(?:\w+\.)*(?P<of>\w+?)_$")

# What the edge and the decoding of bodies may answer on any route; routes document the rest.
EVERYWHERE = (400, 401, 429, 503)
WITH_BODY = (413, 415)

DESCRIPTION = """
Ids are decimal strings, since they exceed what JavaScript numbers hold. Times are RFC 3339 in UTC.
Lists are `{"data": [...], "next_cursor": ...}`: pass `next_cursor` as `cursor` to go on; it is null at the end.
Refusals are problem documents (RFC 9457) with a stable `code`.
"""

HEADERS: Json = {
    "X-Request-Id": {"description": "The id of this request, as in our logs.", "schema": {"type": "string"}},
    "RateLimit-Policy": {
        "description": 'The limits that this request counts against: `"reads";q=1800;w=300` is 1800 in 300 seconds.',
        "schema": {"type": "string"},
    },
    "RateLimit": {
        "description": 'What is left of them: `"reads";r=1799;t=1`, and in how many seconds it is replenished.',
        "schema": {"type": "string"},
    },
    "Retry-After": {"description": "Seconds to wait before the next attempt.", "schema": {"type": "integer"}},
}

PAGE = """<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Rookery API</title>
    <link rel="icon" type="image/svg+xml" href="/favicon.svg">
    <link rel="stylesheet" href="/docs/swagger-ui.css">
  </head>
  <body>
    <div id="docs"><p>The description of the API is at <a href="/v1/openapi.json">/v1/openapi.json</a>.</p></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/v1/docs/start.js"></script>
  </body>
</html>
"""
START = """SwaggerUIBundle({
  url: "/v1/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
"""


class _NoRoutes(Router):
    """In place of Litestar's own pages, which load scripts from elsewhere, and of its 404 in HTML under `/v1`."""

    def register(self, value: Any) -> Any:
        return []


def openapi_config() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="Rookery",
        version=rookery.__version__,
        description=DESCRIPTION.strip(),
        license=License(name="Apache-2.0", identifier="Apache-2.0"),
        servers=[Server(url="/")],
        components=Components(
            security_schemes={"bearer": SecurityScheme(type="http", scheme="bearer", bearer_format="JWT")}
        ),
        openapi_router=_NoRoutes("/v1/openapi", route_handlers=[], include_in_schema=False),
    )


def openapi_document(app: Litestar) -> Json:
    """The description of the routes of `app`, with what is true of all of them added. A few hundred ms, once."""
    document: Json = msgspec.to_builtins(app.openapi_schema.to_schema())
    _rename_pages(document)
    document["components"]["headers"] = HEADERS
    refusals = _refusals()
    for path, operation in _operations(document):
        _complete(operation, is_api=path.startswith("/v1/"))
        for reference in _references(operation.get("requestBody")):
            document["components"]["schemas"][reference.rpartition("/")[2]]["additionalProperties"] = False
    add_links(_operations(document))
    used = {reference.rpartition("/")[2] for reference in _references(document["paths"])}
    document["components"]["responses"] = {name: refusals[name] for name in sorted(used & refusals.keys())}
    return document


@get("/v1/openapi.json", include_in_schema=False, operation_id="getOpenApi")
async def get_openapi(request: AnyRequest) -> Response[bytes]:
    body: bytes | None = request.app.state.get("openapi")
    if body is None:
        described = request.app.state["described"]()
        body = request.app.state["openapi"] = msgspec.json.encode(openapi_document(described))
    return Response(body, media_type="application/json", headers=NO_CACHE)


@get("/v1/docs", include_in_schema=False, operation_id="getDocs")
async def get_docs() -> Response[str]:
    return Response(PAGE, media_type="text/html", headers=NO_CACHE)


@get("/v1/docs/start.js", include_in_schema=False, operation_id="getDocsScript")
async def get_docs_script() -> Response[str]:
    return Response(START, media_type="text/javascript", headers=NO_CACHE)


ROUTES = [get_openapi, get_docs, get_docs_script]


def _operations(document: Json) -> Iterator[tuple[str, Json]]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, item[method]


def _rename_pages(document: Json) -> None:
    """`Page[Post]` becomes PostPage, where Litestar spells out modules."""
    schemas: Json = document["components"]["schemas"]
    names = {name: match["of"] + "Page" for name in schemas if (match := GENERIC_PAGE.match(name))}
    document["components"]["schemas"] = {names.get(name, name): schema for name, schema in sorted(schemas.items())}
    references = {f"#/components/schemas/{old}": f"#/components/schemas/{new}" for old, new in names.items()}
    _replace_references(document, references)


def _replace_references(node: Any, references: dict[str, str]) -> None:
    if isinstance(node, dict):
        if node.get("$ref") in references:
            node["$ref"] = references[node["$ref"]]
        for value in node.values():
            _replace_references(value, references)
    elif isinstance(node, list):
        for value in node:
            _replace_references(value, references)


def _references(node: Any) -> Iterator[str]:
    """The schemas that a part of the document refers to itself."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def _complete(operation: Json, *, is_api: bool) -> None:
    responses: Json = operation["responses"]
    if is_api:
        for status in (*EVERYWHERE, *(WITH_BODY if "requestBody" in operation else ())):
            responses.setdefault(str(status), {})
    if "requestBody" in operation:
        operation["requestBody"]["required"] = {"type": "null"} not in _alternatives(operation["requestBody"])
    for code, response in responses.items():
        status = HTTPStatus(int(code))
        if status >= 400:
            responses[code] = {"$ref": f"#/components/responses/{_name(status)}"}
            continue
        if response.get("content") in EMPTY:
            del response["content"]
        if response.get("description", FILLING) == FILLING:
            response["description"] = status.phrase
        response["headers"] = {**response.get("headers", {}), **_headers(status)}
    operation["responses"] = dict(sorted(responses.items()))


def _alternatives(body: Json) -> list[Json]:
    """What a body may be; Litestar calls also one required that may be left out."""
    schemas = [media["schema"] for media in body["content"].values()]
    return [alternative for schema in schemas for alternative in schema.get("oneOf", [schema])]


def _refusals() -> Json:
    """Every refusal that a route may refer to, once."""
    return {
        _name(status): {
            "description": status.phrase,
            "headers": _headers(status),
            "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}},
        }
        for status in HTTPStatus
        if status >= 400
    }


def _name(status: HTTPStatus) -> str:
    return re.sub(r"[^A-Za-z]", "", status.phrase.title())


def _headers(status: HTTPStatus) -> Json:
    names = ["X-Request-Id", "RateLimit-Policy", "RateLimit"]
    if status in (429, 503):
        names.append("Retry-After")
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
