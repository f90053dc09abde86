"""Commands beside `rookery up`: they use its servers while it runs, and else start them for the time being."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from rookery.embedded.account import ensure_folder
from rookery.embedded.lock import VarLock, holder_of
from rookery.embedded.machine import Machine, environment_of
from rookery.embedded.postgres import Postgres
from rookery.embedded.valkey import Valkey
from rookery.kit.migrate import migrate
from rookery.kit.settings import Settings, load_settings


@asynccontextmanager
async def attached(var: Path, environ: Mapping[str, str]) -> AsyncIterator[Settings]:
    """Settings whose database (migrated) and cache answer inside the block.

    Raises EmbeddedError when the embedded servers cannot be started.
    """
    ensure_folder(var / "log", mode=0o755)
    environment = environment_of(Machine(var.resolve(), "127.0.0.1", 8000, environ))
    async with AsyncExitStack() as stack:
        if holder_of(var) is None and not environment.get("ROOKERY_DATABASE_URL"):
            stack.enter_context(VarLock(var))
            for server in (Postgres(var), Valkey(var)):
                await server.start()
                stack.push_async_callback(server.stop)
        environment.setdefault("ROOKERY_DATABASE_URL", Postgres(var).url)
        environment.setdefault("ROOKERY_CACHE_URL", Valkey(var).url)
        settings = load_settings(environment)
        await migrate(settings.database_url)
        yield settings
