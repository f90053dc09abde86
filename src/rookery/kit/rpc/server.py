"""The other end: `/internal/<service>/<method>` of the services in this process, for callers with a service token."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

import msgspec
import structlog
from msgspec import Struct

from rookery.kit.problems import Invalid, NotFound, Problem, Unauthenticated, Unavailable
from rookery.kit.rpc import deadlines
from rookery.kit.rpc.contract import Method
from rookery.kit.rpc.tokens import ServiceTokens
from rookery.kit.telemetry import REQUEST_ID

PREFIX = "/internal/"
ARGUMENTS_MAX_BYTES = 1024 * 1024
CALL_MAX_S = 10.0
SANE_REQUEST_ID = re.compile(rb"[A-Za-z0-9._:/+=,-]{1,128}")

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Any, Any, Any], Awaitable[None]]
Resolve = Callable[[int], Awaitable[Any]]

log = structlog.get_logger(__name__)


class TooLarge(Problem):
    status = 413
    code = "rpc_too_large"
    title = "The body is too large"


class MethodNotAllowed(Problem):
    status = 405
    code = "rpc_method_not_allowed"
    title = "Method not allowed"


class Endpoint(Struct, frozen=True):
    """A service as others may call it. `resolve` finds, by type, what arguments by reference refer to."""

    methods: Mapping[str, Method]
    implementation: object
    resolve: Mapping[type, Resolve]


class InternalCalls:
    """ASGI middleware: answers everything under PREFIX, and leaves the rest to `app`.

    What it refuses itself has a code that begins with `rpc_`: that two processes do not fit together is no news for the
    person behind the request.

    `catch_up` is awaited before each call. It makes this process hear of what was published before (see
    `rookery.kit.local_cache`), so that a caller who has heard of a change never gets an answer from before it.
    """

    def __init__(
        self,
        app: ASGIApp,
        endpoints: Mapping[str, Endpoint],
        tokens: ServiceTokens,
        catch_up: Callable[[], Awaitable[None]],
    ) -> None:
        self._app = app
        self._endpoints = endpoints
        self._tokens = tokens
        self._catch_up = catch_up

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        request_id = _request_id(headers)
        REQUEST_ID.set(request_id)
        try:
            body = await self._answer(scope, headers, receive)
            await _send(send, 200, b"application/msgpack", body)
        except Problem as problem:
            await _refuse(send, problem, request_id)
        except TimeoutError:
            await _refuse(send, Unavailable("This took too long; try again in a moment."), request_id)
        except Exception:
            log.exception("rpc.unexpected", path=scope["path"])
            await _refuse(send, Problem(), request_id)

    async def _answer(self, scope: Scope, headers: Mapping[bytes, bytes], receive: Receive) -> bytes:
        service, _, name = scope["path"].removeprefix(PREFIX).partition("/")
        caller = self._tokens.check(_bearer(headers), service)
        if scope["method"] != "POST":
            raise MethodNotAllowed("Calls are POSTs.")
        endpoint = self._endpoints.get(service)
        method = None if endpoint is None else endpoint.methods.get(name)
        if endpoint is None or method is None:
            raise NotFound("No such service or method here.", code="rpc_not_found")
        async with asyncio.timeout(_limit_s(headers)):
            deadlines.begin(_limit_s(headers))
            arguments = _decoded(method, await _read(headers, receive))
            await self._catch_up()
            for place, (kind, _) in method.by_reference.items():
                arguments[place] = await endpoint.resolve[kind](arguments[place])
            log.debug("rpc.called", service=service, method=name, caller=caller)
            result = await getattr(endpoint.implementation, name)(*arguments)
        return method.encode_result(result)


def _decoded(method: Method, body: bytes) -> list[Any]:
    try:
        return method.decode_arguments(body)
    except msgspec.MsgspecError as error:
        raise Invalid(f"arguments: {error}", code="rpc_invalid") from error


def _bearer(headers: Mapping[bytes, bytes]) -> str:
    scheme, _, token = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthenticated("This needs a valid service token.", code="rpc_token_invalid")
    return token.strip()


def _limit_s(headers: Mapping[bytes, bytes]) -> float:
    given = headers.get(deadlines.HEADER.encode(), b"")
    return min(int(given) / 1000, CALL_MAX_S) if given.isdigit() and len(given) < 10 else CALL_MAX_S


async def _read(headers: Mapping[bytes, bytes], receive: Receive) -> bytes:
    """The whole body. Raises TooLarge as soon as it is more than ARGUMENTS_MAX_BYTES, or says so."""
    declared = headers.get(b"content-length", b"0")
    if not declared.isdigit() or int(declared[:12]) > ARGUMENTS_MAX_BYTES:
        raise TooLarge(f"At most {ARGUMENTS_MAX_BYTES} bytes.")
    body: bytes = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise Invalid("The caller left.", code="rpc_invalid")
        body += message.get("body", b"")
        if len(body) > ARGUMENTS_MAX_BYTES:
            raise TooLarge(f"At most {ARGUMENTS_MAX_BYTES} bytes.")
        if not message.get("more_body"):
            return body


def _request_id(headers: Mapping[bytes, bytes]) -> str:
    given = headers.get(b"x-request-id", b"")
    return given.decode() if SANE_REQUEST_ID.fullmatch(given) else ""


async def _refuse(send: Send, problem: Problem, request_id: str) -> None:
    await _send(send, problem.status, b"application/problem+json", msgspec.json.encode(problem.document(request_id)))


async def _send(send: Send, status: int, media_type: bytes, body: bytes) -> None:
    headers = [(b"content-type", media_type), (b"content-length", b"%d" % len(body)), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
