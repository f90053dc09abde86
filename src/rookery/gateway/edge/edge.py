"""The middleware itself: what happens to a request before and after the application, in order."""

import asyncio
import os
import re
from typing import Protocol

import structlog

from rookery.gateway.edge.addresses import ClientAddresses
from rookery.gateway.edge.exchange import ASGIApp, Exchange, Receive, Scope, Send
from rookery.gateway.edge.headers import Origins, api_headers, web_headers
from rookery.kit.identity import SCOPE_KEY, Claims
from rookery.kit.problems import Problem, Unauthenticated, Unavailable
from rookery.kit.resources import Resources
from rookery.kit.telemetry import REQUEST_ID

# What we accept from clients and proxies: printable, harmless in logs and headers.
SANE_REQUEST_ID = re.compile(rb"[A-Za-z0-9._:/+=-]{1,128}")

log = structlog.get_logger(__name__)


class TokenVerifier(Protocol):
    """Checks access tokens."""

    def verify_cached(self, token: str) -> Claims | None:
        """The claims of a token that this process has verified and that still holds; None when it must be verified."""

    async def verify(self, token: str) -> Claims:
        """The claims of a token; raises Unauthenticated when it is forged, expired or revoked."""


class _Accounts(Protocol):
    @property
    def tokens(self) -> TokenVerifier: ...


class _Users(Protocol):
    @property
    def accounts(self) -> _Accounts: ...


class EdgeServices(Protocol):
    """What the edge needs of the services."""

    @property
    def resources(self) -> Resources: ...

    @property
    def users(self) -> _Users: ...


class Edge:
    """ASGI middleware around the application.

    Leaves in the scope: `rookery.request_id` (str), `rookery.client_ip` (str), `rookery.claims` (Claims, only when
    signed in). Every refusal of its own is a problem document, and every answer carries the same headers.
    """

    def __init__(self, app: ASGIApp, services: EdgeServices) -> None:
        settings = services.resources.settings
        self._app = app
        self._tokens = services.users.accounts.tokens
        self._addresses = ClientAddresses(settings.trusted_proxies)
        self._origins = Origins(settings)
        self._api_headers = api_headers(settings)
        self._web_headers = web_headers(settings)
        self._timeout_s = settings.request_timeout_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        exchange = Exchange(send, self._identify(scope, headers), [])
        exchange.headers = [
            (b"x-request-id", exchange.request_id.encode()),
            *self._api_headers,
            *self._origins.answer_headers(headers.get(b"origin")),
        ]
        deadline = asyncio.timeout(self._timeout_s)
        try:
            async with deadline:
                await self._handle(exchange, scope, headers, receive)
        except Problem as problem:
            await self._give_up(exchange, problem)
        except TimeoutError as error:
            if not deadline.expired():
                raise
            log.warning("http.timeout", method=scope["method"], path=scope["path"])
            await self._give_up(exchange, Unavailable("This took too long; try again in a moment."), error)
        except Exception as error:
            log.exception("http.unexpected", method=scope["method"], path=scope["path"])
            await self._give_up(exchange, Problem(), error)

    async def _handle(self, exchange: Exchange, scope: Scope, headers: dict[bytes, bytes], receive: Receive) -> None:
        if (authorization := headers.get(b"authorization")) is not None:
            scope[SCOPE_KEY] = await self._authenticate(authorization)
        await self._app(scope, receive, exchange.send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        self._identify(scope, headers)
        if not self._origins.may_connect(headers):
            log.info("stream.foreign_origin", origin=headers.get(b"origin", b"").decode("latin-1"))
            await receive()
            await send({"type": "websocket.close", "code": 4403, "reason": "origin not allowed"})
            return
        await self._app(scope, receive, send)

    def _identify(self, scope: Scope, headers: dict[bytes, bytes]) -> str:
        """Give the connection its request id and client address; returns the id."""
        request_id = _request_id(headers.get(b"x-request-id"))
        REQUEST_ID.set(request_id)
        scope["rookery.request_id"] = request_id
        client = scope.get("client")
        scope["rookery.client_ip"] = self._addresses.of(client[0] if client else "", scope["headers"])
        return request_id

    async def _authenticate(self, authorization: bytes) -> Claims:
        scheme, _, credentials = authorization.decode("latin-1").partition(" ")
        token = credentials.strip()
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated("The Authorization header must be `Bearer <access token>`.")
        return self._tokens.verify_cached(token) or await self._tokens.verify(token)

    async def _give_up(self, exchange: Exchange, problem: Problem, cause: BaseException | None = None) -> None:
        """Answer with the problem, unless an answer has begun: then the server must break the connection."""
        if exchange.started:
            raise cause or problem
        await exchange.refuse(problem)


def _request_id(given: bytes | None) -> str:
    if given is not None and SANE_REQUEST_ID.fullmatch(given):
        return given.decode()
    return os.urandom(12).hex()
