"""Calls to a service that runs elsewhere, by aiohttp: connections are kept, every call has its time, few are repeated.

What the other side refuses is raised as it was there. What goes wrong between us is ServiceAway, a 503 that names it.
"""

import asyncio
import random
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
import structlog

from rookery.kit.problems import Problem, ProblemDocument, Unavailable
from rookery.kit.rpc.breaker import Breaker
from rookery.kit.rpc.contract import Method
from rookery.kit.rpc.deadlines import HEADER, seconds_left
from rookery.kit.rpc.tokens import ServiceTokens
from rookery.kit.telemetry import REQUEST_ID

if TYPE_CHECKING:  # imported when the first process needs it: one that has all services in it never does
    import aiohttp

CALL_S = 5.0  # of one call, all attempts together; less when the request behind it has less left
ATTEMPT_S = 2.0
CONNECT_S = 0.5
ATTEMPTS_MAX = 3  # of reads
PAUSE_S = 0.02  # before the second attempt, doubled for each further one, at random between half and whole
CONNECTIONS_MAX = 64  # to one address
KEEP_ALIVE_S = 30.0  # less than a server waits
RESULT_MAX_BYTES = 16 * 1024 * 1024
HEALTH_S = 0.8

log = structlog.get_logger(__name__)

_decode_problem = msgspec.json.Decoder(ProblemDocument).decode


class ServiceAway(Unavailable):
    """A service that this request needs does not answer."""

    def __init__(self, service: str) -> None:
        super().__init__(f"The {service} service does not answer; try again in a moment.")
        self.service = service


class _Instance:
    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self.breaker = Breaker()


class Peer:
    """One service at one or more addresses, asked in turn. `open` before the first call."""

    def __init__(self, service: str, urls: Sequence[str], tokens: ServiceTokens) -> None:
        self.service = service
        self._tokens = tokens
        self._instances = [_Instance(url) for url in urls]
        self._turn = random.randrange(len(urls))  # noqa: S311 - spreads load, keeps no secret
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        import aiohttp

        connector = aiohttp.TCPConnector(limit=0, limit_per_host=CONNECTIONS_MAX, keepalive_timeout=KEEP_ALIVE_S)
        self._session = aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False, raise_for_status=False
        )

    async def close(self) -> None:
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    async def call(self, method: Method, arguments: tuple[Any, ...]) -> Any:
        """The result, or the Problem that the service answered with. Raises ServiceAway when none came in time."""
        body = method.encode_arguments(arguments)
        try:
            async with asyncio.timeout(min(CALL_S, seconds_left())):
                return await self._attempts(method, body)
        except TimeoutError as error:
            raise ServiceAway(self.service) from error

    async def healthy(self) -> bool:
        """Whether any address answers now; for `/readyz`."""
        answers = await asyncio.gather(*(self._lives(instance) for instance in self._instances))
        return any(answers)

    async def _attempts(self, method: Method, body: bytes) -> Any:
        """A read is tried again whatever went wrong between us; anything else only when it was surely not sent."""
        import aiohttp

        tried: list[_Instance] = []
        while True:
            instance = self._choose(tried)
            if instance is None:
                raise ServiceAway(self.service)
            tried.append(instance)
            try:
                result = await self._attempt(instance, method, body)
            except (aiohttp.ClientError, TimeoutError, OSError, msgspec.MsgspecError) as error:
                self._note_failure(instance, method, error)
                unsent = isinstance(error, aiohttp.ClientConnectorError)
                if len(tried) >= max(ATTEMPTS_MAX, len(self._instances)) or not (method.reads or unsent):
                    raise ServiceAway(self.service) from error
            except asyncio.CancelledError:
                instance.breaker.gave_up()
                raise
            else:
                instance.breaker.succeeded()
                if isinstance(result, Problem):
                    raise result
                return result
            await asyncio.sleep(PAUSE_S * 2 ** (len(tried) - 1) * random.uniform(0.5, 1.0))  # noqa: S311

    async def _attempt(self, instance: _Instance, method: Method, body: bytes) -> Any:
        """The result, or a Problem to raise."""
        if self._session is None:
            raise OSError("this peer is not open")
        headers = {
            "authorization": f"Bearer {self._tokens.issue(self.service)}",
            "content-type": "application/msgpack",
            HEADER: str(max(1, int(min(ATTEMPT_S, seconds_left()) * 1000))),
        }
        if request_id := REQUEST_ID.get():
            headers["x-request-id"] = request_id[:128]
        url = f"{instance.url}/internal/{self.service}/{method.name}"
        async with (
            asyncio.timeout(ATTEMPT_S),
            self._session.post(url, data=body, headers=headers, allow_redirects=False, timeout=_timeout()) as response,
        ):
            if response.content_length is None or response.content_length > RESULT_MAX_BYTES:
                raise OSError("an answer without a length, or too long a one")
            answer = await response.read()
        if response.status == 200:
            return method.decode_result(answer)
        document = _decode_problem(answer)
        if document.code.startswith("rpc_"):
            log.error("rpc.refused", service=self.service, method=method.name, code=document.code)
            return ServiceAway(self.service)
        return problem_of(document)

    def _choose(self, tried: Sequence[_Instance]) -> _Instance | None:
        """The next address that is not left alone at the moment, one that this call has tried least."""
        self._turn = (self._turn + 1) % len(self._instances)
        in_turn = [*self._instances[self._turn :], *self._instances[: self._turn]]
        return next((each for each in sorted(in_turn, key=tried.count) if each.breaker.admits()), None)

    def _note_failure(self, instance: _Instance, method: Method, error: Exception) -> None:
        was_closed = instance.breaker.closed
        instance.breaker.failed()
        if was_closed and not instance.breaker.closed:
            log.warning("rpc.left_alone", service=self.service, url=instance.url)
        log.info("rpc.failed", service=self.service, method=method.name, url=instance.url, error=repr(error))

    async def _lives(self, instance: _Instance) -> bool:
        import aiohttp

        if self._session is None:
            return False
        try:
            async with asyncio.timeout(HEALTH_S), self._session.get(f"{instance.url}/healthz") as response:
                return response.status == 200
        except (aiohttp.ClientError, TimeoutError, OSError):
            return False


def remote(methods: Mapping[str, Method], peer: Peer) -> Any:
    """An object with these methods of a contract, each of which asks `peer`."""

    def method_named(method: Method) -> Any:
        async def call(_: object, *arguments: Any) -> Any:
            return await peer.call(method, arguments)

        return call

    namespace = {name: method_named(method) for name, method in methods.items()}
    return type("Remote", (), namespace)()


def problem_of(document: ProblemDocument) -> Problem:
    """The refusal that a document tells of, of the class that has its code and status, for who catches it by class."""
    kind = _kinds().get((document.status, document.code), Problem)
    problem = kind.__new__(kind)
    Problem.__init__(
        problem,
        document.detail,
        code=document.code,
        errors=document.errors,
        retry_after_s=1 if document.status in (429, 503) else None,
    )
    problem.status, problem.title = document.status, document.title
    return problem


def _kinds() -> dict[tuple[int, str], type[Problem]]:
    """The classes of refusals that were imported, by status and code; the first one where several share them."""
    found: dict[tuple[int, str], type[Problem]] = {}
    waiting: list[type[Problem]] = [Problem]
    while waiting:
        kind = waiting.pop(0)
        found.setdefault((kind.status, kind.code), kind)
        waiting += kind.__subclasses__()
    return found


def _timeout() -> "aiohttp.ClientTimeout":
    import aiohttp

    return aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S)
