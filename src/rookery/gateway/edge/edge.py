"""The middleware itself: what happens to a request before and after the application, in order."""

import asyncio
import random
import re
import time
from typing import Protocol

import structlog

from rookery.gateway.edge.addresses import ClientAddresses
from rookery.gateway.edge.classes import API_PREFIX, RouteLimits
from rookery.gateway.edge.compression import choose_coding
from rookery.gateway.edge.deadlines import Deadlines
from rookery.gateway.edge.errors import MethodNotAllowed
from rookery.gateway.edge.exchange import ASGIApp, Exchange, Receive, Scope, Send
from rookery.gateway.edge.headers import Header, Origins, api_headers, media_headers, web_headers
from rookery.gateway.edge.sizes import bounded, check_no_nul, check_sizes
from rookery.gateway.edge.uploads import is_upload, upload_max_bytes
from rookery.gateway.web import WebApp, web_root
from rookery.kit.bodies import ClientLeft
from rookery.kit.identity import SCOPE_KEY, Claims
from rookery.kit.limits import Limiter
from rookery.kit.metrics import REQUESTS
from rookery.kit.problems import NotFound, Problem, Unauthenticated, Unavailable
from rookery.kit.resources import Resources
from rookery.kit.rpc import deadlines
from rookery.kit.telemetry import REQUEST_ID

# What we accept from clients and proxies: printable, harmless in logs and headers.
SANE_REQUEST_ID = re.compile(rb"[A-Za-z0-9._:/+=-]{1,128}")

DOCS_PREFIX = "/v1/docs"
MEDIA_PREFIX = "/media/"  # files of media
OTHER_ROUTES = ("/healthz", "/readyz", "/.well-known/", "/internal/", MEDIA_PREFIX)

CLIENT_LEFT = ClientLeft.status  # no answer was given, in metrics and logs

# Reads whose handlers begin with a round trip to Valkey.
OVERLAPPING = frozenset({"/v1/timelines/home"})

log = structlog.get_logger(__name__)


class TokenVerifier(Protocol):
    """Checks access tokens."""

    def verify_cached(self, token: str) -> Claims | None:
        """The claims of a token that this process has verified and that still holds; None when it must be verified."""

    async def verify(self, token: str) -> Claims:
        """The claims of a token; raises Unauthenticated when it is forged, expired or revoked."""


class EdgeServices(Protocol):
    """What the edge needs of the services."""

    @property
    def resources(self) -> Resources: ...

    @property
    def tokens(self) -> TokenVerifier: ...


class Edge:
    """ASGI middleware around the application. WebSockets begin as requests, and are the application's from then on.

    Leaves in the scope: `rookery.request_id` (str), `rookery.client_ip` (str), `rookery.claims` (Claims, only when
    signed in). Every refusal of its own is a problem document, and every answer carries the same headers.

    Routes of the API (`/v1/`) are authenticated, limited, bounded in size and time; the rest of the application
    (health, keys) is not; whatever else is asked for is the web app's (`web`), or is not there.
    """

    def __init__(self, app: ASGIApp, services: EdgeServices, *, web: bool = True) -> None:
        settings = services.resources.settings
        self._app = app
        self._tokens = services.tokens
        self._web = WebApp(web_root(settings)) if web else None
        self._addresses = ClientAddresses(settings.trusted_proxies)
        self._origins = Origins(settings)
        self._api_headers = api_headers(settings)
        self._web_headers = web_headers(settings)
        self._media_headers = media_headers(settings)
        self._limits = RouteLimits(settings, Limiter(services.resources.cache)) if settings.rate_limits else None
        self._limit_s = settings.request_timeout_s
        self._deadlines = Deadlines(self._limit_s)
        self._body_max_bytes = settings.max_body_bytes
        self._upload_max_bytes = upload_max_bytes(settings)
        self._log_share = settings.access_log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        headers = dict(scope["headers"])
        exchange = Exchange(send, self._identify(scope, headers), [])
        if scope["method"] == "HEAD":  # whatever can be got can be asked about (RFC 9110, section 9.1)
            # The server's own scope still says HEAD.
            scope, exchange.bodiless = {**scope, "method": "GET", "rookery.bodiless": True}, True
        try:
            await self._answer(exchange, scope, headers, receive)
        except Problem as problem:
            await self._give_up(exchange, problem)
        except Exception as error:
            log.exception("http.unexpected", method=scope["method"], path=scope["path"])
            await self._give_up(exchange, Problem(), error)
        finally:
            if exchange.check is not None:
                exchange.check.abandon()
            self._record(exchange, scope, time.perf_counter() - began)

    async def _answer(self, exchange: Exchange, scope: Scope, headers: dict[bytes, bytes], receive: Receive) -> None:
        path: str = scope["path"]
        is_api = path.startswith(API_PREFIX)
        is_page = not is_api and not path.startswith(OTHER_ROUTES)
        exchange.headers = [
            (b"x-request-id", exchange.request_id.encode()),
            *self._headers_for(path, is_page),
        ]
        if is_api and (origin := headers.get(b"origin")) is not None:
            exchange.headers += self._origins.answer_headers(origin)
        upload = is_upload(scope["method"], path)
        check_sizes(scope, headers, self._upload_max_bytes if upload else self._body_max_bytes)
        if is_page:
            await self._page(exchange, scope, headers)
        elif is_api:
            await self._api(exchange, scope, headers, receive, upload)
        else:
            await self._app(scope, receive, exchange.send)

    def _headers_for(self, path: str, is_page: bool) -> list[Header]:
        if path.startswith(MEDIA_PREFIX):
            return self._media_headers
        return self._web_headers if is_page or path.startswith(DOCS_PREFIX) else self._api_headers

    async def _api(
        self, exchange: Exchange, scope: Scope, headers: dict[bytes, bytes], receive: Receive, upload: bool
    ) -> None:
        """`upload`: the handler streams the body to disk, and bounds its size and time by itself."""
        method = scope["method"]
        if method == "OPTIONS" and b"origin" in headers and b"access-control-request-method" in headers:
            await exchange.answer(204, self._origins.preflight_headers(headers[b"origin"]))
            return
        if method == "GET" and not exchange.bodiless:
            exchange.coding = choose_coding(headers.get(b"accept-encoding", b""))
        elif b"content-length" not in headers and not upload:
            receive = bounded(receive, self._body_max_bytes)
        check_no_nul(scope)
        if upload:
            await self._admit(exchange, scope, headers)
            await self._app(scope, receive, exchange.send)
            return
        running = self._deadlines.begin()
        deadlines.begin(self._limit_s)
        try:
            scope["rookery.exchange"] = exchange  # for lanes
            await self._admit(exchange, scope, headers)
            await self._app(scope, receive, exchange.send)
        except asyncio.CancelledError:
            if not self._deadlines.end(running):
                raise
            log.warning("http.timeout", method=method, path=scope["path"])
            await self._give_up(exchange, Unavailable("This took too long; try again in a moment."))
        finally:
            self._deadlines.end(running)

    async def _admit(self, exchange: Exchange, scope: Scope, headers: dict[bytes, bytes]) -> None:
        """Authenticate and limit; raises the refusal.

        Its round trip to Valkey also brings whatever was changed in other processes before this request (see
        `rookery.kit.local_cache`), so it comes before the handler looks at anything.

        Only the reads in OVERLAPPING make such a round trip themselves before they look: there the command leaves
        together with the handler's first, and the exchange holds the answer back until the decision is there. A
        refused read has then run in vain, which is safe because reads change nothing, and rare because who was refused
        once is refused from memory until the next token is due.
        """
        claims = await self._authenticate(exchange, scope, headers)
        if self._limits is None:
            return
        policies = self._limits.classify(scope["method"], scope["path"])
        if policies is None:
            return
        check = self._limits.start(policies, claims, scope["rookery.client_ip"])
        if scope["method"] == "GET" and scope["path"] in OVERLAPPING and not check.known:
            exchange.check = check
        elif problem := await exchange.settle(check):
            raise problem

    async def _authenticate(self, exchange: Exchange, scope: Scope, headers: dict[bytes, bytes]) -> Claims | None:
        """None without credentials; raises Unauthenticated for any that do not hold, also where none are needed."""
        authorization = headers.get(b"authorization")
        if authorization is None:
            return None
        scheme, _, credentials = authorization.decode("latin-1").partition(" ")
        token = credentials.strip()
        try:
            if scheme.lower() != "bearer" or not token:
                raise Unauthenticated("The Authorization header must be `Bearer <access token>`.")
            claims = self._tokens.verify_cached(token) or await self._tokens.verify(token)
        except Unauthenticated:
            await self._charge_address(exchange, scope)
            raise
        scope[SCOPE_KEY] = claims
        return claims

    async def _charge_address(self, exchange: Exchange, scope: Scope) -> None:
        """Guessing tokens counts against the address."""
        if self._limits is not None:
            check = self._limits.start(self._limits.reads, None, scope["rookery.client_ip"])
            if problem := await exchange.settle(check):
                raise problem

    async def _page(self, exchange: Exchange, scope: Scope, headers: dict[bytes, bytes]) -> None:
        if scope["method"] != "GET":
            raise MethodNotAllowed("Only GET and HEAD.")
        if self._web is None:
            raise NotFound("No such address.")
        answer = await self._web.answer(scope["path"], headers)
        await exchange.answer(answer.status, answer.headers, answer.body)

    def _identify(self, scope: Scope, headers: dict[bytes, bytes]) -> str:
        """Give the connection its request id and client address; returns the id."""
        request_id = _request_id(headers.get(b"x-request-id"))
        REQUEST_ID.set(request_id)
        scope["rookery.request_id"] = request_id
        client = scope.get("client")
        scope["rookery.client_ip"] = self._addresses.of(client[0] if client else "", scope["headers"])
        return request_id

    async def _give_up(self, exchange: Exchange, problem: Problem, cause: BaseException | None = None) -> None:
        """Answer with the problem, unless an answer has begun: then the server must break the connection."""
        if exchange.started:
            raise cause or problem
        await exchange.refuse(problem)

    def _record(self, exchange: Exchange, scope: Scope, duration_s: float) -> None:
        status = exchange.status or CLIENT_LEFT
        route = scope.get("path_template") or ("(edge)" if scope["path"].startswith(API_PREFIX) else "(web)")
        REQUESTS.observe(route, scope["method"], status, duration_s)
        if status >= 500 or (self._log_share and random.random() < self._log_share):  # noqa: S311 - a sample
            log.log(
                30 if status >= 500 else 20,
                "http.request",
                method=scope["method"],
                path=scope["path"],
                route=route,
                status=status,
                duration_ms=round(duration_s * 1000, 2),
                client_ip=scope["rookery.client_ip"],
                user_id=claims.user_id if (claims := scope.get(SCOPE_KEY)) else None,
            )


def _request_id(given: bytes | None) -> str:
    if given is not None and SANE_REQUEST_ID.fullmatch(given):
        return given.decode()
    return f"{random.getrandbits(96):024x}"
