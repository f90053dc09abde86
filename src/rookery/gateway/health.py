"""Health for supervisors and load balancers: `/healthz` (the process lives), `/readyz` (what it depends on answers)."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from litestar import Response, get
from litestar.di import NamedDependency
from msgspec import Struct

from rookery.gateway.remote import Peers
from rookery.kit.migrate import pending
from rookery.kit.resources import Resources
from rookery.kit.rpc.client import Peer

CHECK_TIMEOUT_S = 1.0
NO_STORE = {"Cache-Control": "no-store"}

log = structlog.get_logger(__name__)


class Health(Struct, frozen=True):
    status: str  # ok


class Readiness(Struct, frozen=True):
    """Each check is ok, or says in a word why not; causes go to the log alone.

    `status` is ready, degraded (answer 200) or not_ready (503). Its own database and schema decide. Without the cache
    nothing is lost but speed; without another service, what needs that service: docs/flows/apart.md. Taking this one
    away as well would help nobody.
    """

    status: str
    checks: dict[str, str]


@get("/healthz", operation_id="getHealth", include_in_schema=False)
async def healthz() -> Response[Health]:
    """Asks nobody: a process that cannot reach its database must not be killed for it."""
    return Response(Health("ok"), headers=NO_STORE)


@get("/readyz", operation_id="getReadiness", include_in_schema=False)
async def readyz(resources: NamedDependency[Resources], peers: NamedDependency[Peers]) -> Response[Readiness]:
    """All checks at once, each within CHECK_TIMEOUT_S."""
    running = {name: _run(name, check(resources)) for name, check in CHECKS.items()}
    running |= {name: _run(name, check_peer(peer)) for name, peer in peers.peers.items()}
    checks = dict(zip(running, await asyncio.gather(*running.values()), strict=True))
    away = {name for name, state in checks.items() if state != "ok"}
    if away - DISPENSABLE - peers.peers.keys():
        return Response(Readiness("not_ready", checks), status_code=503, headers={**NO_STORE, "Retry-After": "1"})
    return Response(Readiness("degraded" if away else "ready", checks), headers=NO_STORE)


async def check_database(resources: Resources) -> str:
    async with resources.database.connection() as connection:
        await connection.fetchval("SELECT 1")
    return "ok"


async def check_migrations(resources: Resources) -> str:
    async with resources.database.connection() as connection:
        return "pending" if await pending(connection) else "ok"


async def check_cache(resources: Resources) -> str:
    await resources.cache.execute("PING")
    return "ok"


async def check_peer(peer: Peer) -> str:
    return "ok" if await peer.healthy() else "unavailable"


DISPENSABLE = frozenset({"cache"})

Check = Callable[[Resources], Awaitable[str]]
CHECKS: dict[str, Check] = {"database": check_database, "migrations": check_migrations, "cache": check_cache}


async def _run(name: str, check: Awaitable[str]) -> str:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_S):
            return await check
    except TimeoutError:
        return "timeout"
    except Exception as error:
        log.warning("health.check_failed", check=name, error=repr(error.__cause__ or error))
        return "unavailable"


ROUTES = [healthz, readyz]
