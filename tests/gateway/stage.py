"""A small application behind the real edge, for what the whole application has no route to show."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import httpx
from litestar import Litestar, Request, delete, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.response import Response
from msgspec import Struct

from rookery.gateway.edge import Edge
from rookery.kit.bodies import ApiRequest
from rookery.kit.cache import Cache
from rookery.kit.identity import Claims, viewer_id
from rookery.kit.problems import Unauthenticated
from rookery.kit.rendering import EXCEPTION_HANDLERS
from rookery.kit.settings import Settings

AnyRequest = Request[Any, Any, Any]


class Note(Struct, forbid_unknown_fields=True):
    text: str


class Tokens:
    """Knows `user-<id>`, at once for odd ids and by the slow path for even ones."""

    def verify_cached(self, token: str) -> Claims | None:
        user_id = self._user_of(token)
        return Claims(user_id, 1, 2**40) if user_id and user_id % 2 else None

    async def verify(self, token: str) -> Claims:
        if user_id := self._user_of(token):
            return Claims(user_id, 1, 2**40)
        raise Unauthenticated("The access token is not valid.")

    def _user_of(self, token: str) -> int:
        kind, _, number = token.partition("-")
        return int(number) if kind == "user" and number.isdigit() else 0


class Calls:
    """How often the application's handlers ran."""

    def __init__(self) -> None:
        self.count = 0
        self.cache: Cache | None = None
        self.gate = asyncio.Event()


@get("/v1/whoami")
async def whoami(request: AnyRequest, calls: NamedDependency[Calls]) -> dict[str, Any]:
    calls.count += 1
    scope: Any = request.scope
    return {"id": viewer_id(request), "ip": scope["rookery.client_ip"], "request_id": scope["rookery.request_id"]}


@post("/v1/notes")
async def write_note(data: JSONBody[Note], calls: NamedDependency[Calls]) -> Note:
    calls.count += 1
    return data


@delete("/v1/notes/{note_id:int}")
async def delete_note(note_id: FromPath[int]) -> None:
    return None


@get("/v1/large")
async def large(count: FromQuery[int] = 100) -> dict[str, Any]:
    return {"data": ["a line of text that repeats itself"] * count}


@get("/v1/tagged")
async def tagged(request: AnyRequest) -> Response[Any]:
    if request.headers.get("if-none-match") == '"v1"':
        return Response(None, status_code=304, headers={"ETag": '"v1"'})
    return Response({"data": ["tagged"] * 300}, headers={"ETag": '"v1"', "Cache-Control": "max-age=5"})


@get("/v1/slow")
async def slow(calls: NamedDependency[Calls]) -> None:
    calls.count += 1
    await calls.gate.wait()


@get("/v1/timelines/home")
async def cached(calls: NamedDependency[Calls]) -> str:
    """Asks Valkey once, as a read of a timeline does."""
    assert calls.cache is not None
    return str(await calls.cache.execute("ECHO", "answered"))


@get("/v1/broken")
async def broken() -> None:
    raise RuntimeError("a secret of the inside")


ROUTES = [whoami, write_note, delete_note, large, tagged, slow, cached, broken]


class Stage:
    """The application and a client of it."""

    def __init__(self, settings: Settings, cache: Cache | None = None, **options: Any) -> None:
        self.calls = Calls()
        self.calls.cache = cache
        resources = SimpleNamespace(settings=settings, cache=cache or Cache("redis://127.0.0.1:1"))
        services: Any = SimpleNamespace(resources=resources, tokens=Tokens())
        app = Litestar(
            ROUTES,
            dependencies={"calls": Provide(lambda: self.calls, sync_to_thread=False)},
            exception_handlers=EXCEPTION_HANDLERS,
            request_class=ApiRequest,
            logging_config=None,
            openapi_config=None,
            **options,
        )
        self.app = Edge(app, services)
        self.client = self.client_at("192.0.2.1")

    def client_at(self, address: str, **headers: str) -> httpx.AsyncClient:
        """A client that connects from `address`."""
        transport = httpx.ASGITransport(app=self.app, client=(address, 4711), raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://rookery.test", headers=headers)


@asynccontextmanager
async def opened_cache(url: str) -> AsyncIterator[Cache]:
    cache = Cache(url)
    await cache.open()
    try:
        yield cache
    finally:
        await cache.close()


def settings(**values: Any) -> Settings:
    return Settings(**{"rate_limits": False, **values})
