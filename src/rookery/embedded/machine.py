"""Rookery on one machine: which services run under the supervisor, and what they are told."""

import asyncio
import os
import sys
from collections.abc import Callable, Mapping, MutableMapping
from pathlib import Path
from typing import NamedTuple

from rookery.embedded.account import ensure_folder
from rookery.embedded.lock import VarLock
from rookery.embedded.ports import check_port, connect_host, web_url
from rookery.embedded.postgres import Postgres
from rookery.embedded.program import MARKER, Program, end_orphans
from rookery.embedded.secret import secret_key
from rookery.embedded.supervisor import Service, Supervisor
from rookery.embedded.valkey import Valkey

READY_POLL_S = 0.05
READY_TIMEOUT_S = 2.0


class Machine(NamedTuple):
    """What the person at the terminal decided. `environ` is what our processes inherit."""

    var: Path
    host: str
    port: int
    environ: Mapping[str, str]

    @property
    def url(self) -> str:
        return web_url(self.host, self.port)


async def run_machine(
    machine: Machine, say: Callable[[str], None], build: "Callable[[Machine], list[Service]] | None" = None
) -> None:
    """Run everything until a signal asks to stop. Raises EmbeddedError for whatever makes that impossible.

    `build` names the services; None: all of Rookery.
    """
    with VarLock(machine.var, (machine.host, machine.port)):
        ensure_folder(machine.var / "log", mode=0o755)
        if orphans := await asyncio.to_thread(end_orphans, machine.var):
            say(f"Ended {orphans} processes that a killed run had left behind.")
        check_port(machine.host, machine.port)

        say(f"Starting Rookery; its data are in {machine.var}")

        async def announce() -> None:
            await wait_until_ready(machine.host, machine.port)
            say(f"Rookery is at {machine.url}")
            say(f"Stop it with Ctrl-C. Its logs are in {machine.var / 'log'}")

        await Supervisor((build or services)(machine), say).run(announce)


def services(machine: Machine) -> list[Service]:
    """In the order of their start. A database or a cache whose address is set already is somebody else's to run."""
    environment = environment_of(machine)
    servers: list[Service] = []
    if not environment.get("ROOKERY_DATABASE_URL"):
        postgres = Postgres(machine.var)
        environment["ROOKERY_DATABASE_URL"] = postgres.url
        servers.append(postgres)
    if not environment.get("ROOKERY_CACHE_URL"):
        valkey = Valkey(machine.var)
        environment["ROOKERY_CACHE_URL"] = valkey.url
        servers.append(valkey)
    return [*servers, *(our_program(name, machine.var, environment) for name in ("migrate", "serve", "work"))]


def our_program(name: str, var: Path, environment: Mapping[str, str]) -> Program:
    """`rookery NAME`; what has run when it ends is a migration."""
    argv = [sys.executable, "-m", "rookery", name]
    return Program(name, argv, var / "log" / f"{name}.log", lambda: environment, once=name == "migrate")


def environment_of(machine: Machine) -> MutableMapping[str, str]:
    """What was set stays; the rest is derived from where the machine keeps its things and listens."""
    environment = {**machine.environ}
    if not environment.get("ROOKERY_SECRET_KEY"):
        environment["ROOKERY_SECRET_KEY"] = secret_key(machine.var)
    environment.setdefault("ROOKERY_PUBLIC_URL", machine.url)
    environment.setdefault("ROOKERY_MAIL_DIR", str(machine.var / "mail"))
    environment.setdefault("ROOKERY_MEDIA_DIR", str(machine.var / "media"))
    environment.setdefault("ROOKERY_MEDIA_TEMP_DIR", str(machine.var / "media-tmp"))
    environment |= {"ROOKERY_HOST": machine.host, "ROOKERY_PORT": str(machine.port), "PORT": str(machine.port)}
    environment |= {"ROOKERY_VAR": str(machine.var), MARKER: str(machine.var), "PYTHONUNBUFFERED": "1"}
    return environment


async def wait_until_ready(host: str, port: int) -> None:
    """Return once `/readyz` says 200. Whoever watches the server ends the wait when it cannot run."""
    while not await is_ready(host, port):
        await asyncio.sleep(READY_POLL_S)


async def is_ready(host: str, port: int) -> bool:
    """Whether the web server and what it depends on answer now."""
    try:
        async with asyncio.timeout(READY_TIMEOUT_S):
            reader, writer = await asyncio.open_connection(connect_host(host), port)
            try:
                writer.write(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                status = (await reader.readline()).split()
                return len(status) > 1 and status[1] == b"200"
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False


def web_build(environ: Mapping[str, str]) -> Path:
    """The folder of the built web app: `ROOKERY_WEB_DIST`, or `web/dist` beside the source tree."""
    chosen = environ.get("ROOKERY_WEB_DIST")
    return Path(chosen) if chosen else Path(__file__).parents[3] / "web" / "dist"


def current_environment() -> Mapping[str, str]:
    return {name: value for name, value in os.environ.items() if name != MARKER}
