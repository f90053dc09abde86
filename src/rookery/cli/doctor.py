"""`rookery doctor`: what is wrong on this machine, and how to mend it. Changes nothing."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Container, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import asyncpg
import click
from click.core import ParameterSource

from rookery.cli.up import machine_options
from rookery.embedded import datafolder
from rookery.embedded.account import choose_account
from rookery.embedded.errors import EmbeddedError
from rookery.embedded.lock import address_of, holder_of
from rookery.embedded.machine import Machine, current_environment, is_ready, web_build
from rookery.embedded.ports import check_port
from rookery.embedded.postgres import Postgres, program
from rookery.embedded.valkey import Valkey, binary
from rookery.kit.settings import Settings
from rookery.media.trial import try_child

OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 20
FREE_DISK_MIN_BYTES = 1024**3
ANSWER_TIMEOUT_S = 3.0


class Finding(NamedTuple):
    """One line of the report. `mend` is empty when there is nothing to mend."""

    text: str
    mend: str = ""

    def __str__(self) -> str:
        return f"problem  {self.text}\n         -> {self.mend}" if self.mend else f"ok       {self.text}"


@click.command()
@machine_options
def command(host: str, port: int, var: Path) -> None:
    """Say what is wrong here, and how to mend it. Exit code 1 when something is."""
    machine = as_it_runs(Machine(var.resolve(), host, port, current_environment()), options_given())
    findings = []
    for finding in [*examine_machine(machine), *asyncio.run(examine_servers(machine))]:
        click.echo(str(finding))
        findings.append(finding)
    raise SystemExit(1 if any(finding.mend for finding in findings) else 0)


def options_given() -> set[str]:
    """The options of this call that stand on the command line, not in the environment."""
    context = click.get_current_context()
    return {name for name in context.params if context.get_parameter_source(name) is ParameterSource.COMMANDLINE}


def as_it_runs(machine: Machine, given: Container[str]) -> Machine:
    """The machine at the address where it was started, as long as it runs; what was given stays."""
    if not machine.var.is_dir() or holder_of(machine.var) is None or (address := address_of(machine.var)) is None:
        return machine
    host, port = address
    return machine._replace(
        host=machine.host if "host" in given else host, port=machine.port if "port" in given else port
    )


def examine_machine(machine: Machine) -> Iterator[Finding]:
    """What can be seen without talking to a server."""
    yield check_python()
    yield check_program("PostgreSQL", lambda: program("postgres"))
    yield check_program("Valkey", binary)
    yield from check_web(web_build(machine.environ))
    yield check_disk(machine.var)
    yield check_var(machine.var)
    yield check_account(machine.var)
    yield from check_data(machine.var)
    yield check_media()


def check_python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info[:2] >= OLDEST_PYTHON:
        return Finding(f"Python {version}")
    return Finding(f"Python {version} is too old", "install Python 3.11 or newer, then `make up`")


def check_program(title: str, find: Callable[[], Path]) -> Finding:
    try:
        path = find()
    except EmbeddedError as error:
        return Finding(error.what, error.mend or "set ROOKERY_DATABASE_URL and ROOKERY_CACHE_URL to your own servers")
    if path.exists():
        return Finding(f"{title} is installed")
    return Finding(f"{title} is missing ({path})", "remove .venv, then `make up`")


def check_web(dist: Path) -> Iterator[Finding]:
    """Node and npm are needed only to build."""
    if (dist / "index.html").is_file():
        yield Finding("the web app is built")
        return
    yield Finding(f"the web app is not built ({dist})", "run `make up`, which builds it")
    yield check_node()
    if shutil.which("npm"):
        yield Finding("npm is installed")
    else:
        yield Finding("npm is missing", "install Node.js 20 or newer, which brings it")


def check_node() -> Finding:
    mend = f"install Node.js {OLDEST_NODE} or newer: https://nodejs.org"
    node = shutil.which("node")
    if node is None:
        return Finding("Node.js is missing", mend)
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - found above
    version = answer.stdout.strip().removeprefix("v")
    major = version.split(".")[0]
    if major.isdigit() and int(major) >= OLDEST_NODE:
        return Finding(f"Node.js {version}")
    return Finding(f"Node.js {version or 'does not run'}: too old", mend)


def nearest_folder(path: Path) -> Path:
    """The path itself, or the nearest folder above it that exists."""
    return next(folder for folder in (path, *path.parents) if folder.exists())


def check_disk(var: Path) -> Finding:
    free_bytes = shutil.disk_usage(nearest_folder(var)).free
    text = f"{free_bytes / 1024**3:.1f} GiB of disk are free at {var}"
    if free_bytes >= FREE_DISK_MIN_BYTES:
        return Finding(text)
    return Finding(text, "make room: PostgreSQL stops when the disk is full")


def check_var(var: Path) -> Finding:
    folder = nearest_folder(var)
    if not folder.is_dir():
        return Finding(f"{folder} is no folder", "move it away, or choose another --var")
    if os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return Finding(f"{var} can be written")
    return Finding(f"{folder} cannot be written by you", f"run as its owner, `sudo chown -R $USER {folder}`, or --var")


def check_account(var: Path) -> Finding:
    try:
        account = choose_account(var, var / "postgres")
    except EmbeddedError as error:
        return Finding(error.what, error.mend)
    return Finding(f"PostgreSQL runs as {account.name}" if account.switch else "PostgreSQL runs as you")


def check_data(var: Path) -> Iterator[Finding]:
    """A running server knows best how its data are; else they are looked into, and how the last start ended."""
    server = Postgres(var)
    try:
        exists = server.data_exists()
        at_rest = exists and holder_of(var) is None
        if at_rest:
            server.check_data()
    except EmbeddedError as error:
        yield Finding(error.what, error.mend)
        at_rest = True
    except PermissionError:
        yield Finding(f"{server.data} cannot be read by you", "run as its owner, or choose another --var")
        return
    else:
        yield Finding(f"{server.data} holds data" if exists else "no data yet: the first start makes the folder")
    if at_rest and (line := datafolder.last_failure(server.log)):
        yield Finding(f"the last start of PostgreSQL failed: {line}", server.mend_for(line) or f"see {server.log}")


def check_media() -> Finding:
    """A system without all that confines is worth knowing, and nothing that can be mended."""
    try:
        trial = asyncio.run(try_child(Settings()))
    except OSError as error:
        return Finding(f"there is no place for temporary files: {error}", "make room, or set TMPDIR")
    if not trial.works:
        return Finding("pictures and videos cannot be processed", "remove .venv, then `make up`")
    text = f"pictures and videos are processed in children confined by {', '.join(trial.held)}"
    return Finding(f"{text}; this system has no {', '.join(trial.missing)} for them" if trial.missing else text)


async def examine_servers(machine: Machine) -> list[Finding]:
    """What is running, and whether it answers. Servers that are not ours are asked whether or not we run."""
    holder = holder_of(machine.var) if machine.var.is_dir() else None
    findings = [await check_web_server(machine, holder)]
    database_url = machine.environ.get("ROOKERY_DATABASE_URL", "")
    cache_url = machine.environ.get("ROOKERY_CACHE_URL", "")
    if holder is not None:
        database_url = database_url or Postgres(machine.var).url
        cache_url = cache_url or Valkey(machine.var).url
    if database_url:
        findings += await check_database(database_url)
    if cache_url:
        findings.append(await check_cache(cache_url))
    return findings


async def check_web_server(machine: Machine, holder: int | None) -> Finding:
    if holder is None:
        try:
            check_port(machine.host, machine.port)
        except EmbeddedError as error:
            return Finding(error.what, error.mend)
        return Finding(f"Rookery does not run; port {machine.port} is free")
    if await is_ready(machine.host, machine.port):
        return Finding(f"Rookery runs at {machine.url} (process {holder})")
    log = machine.var / "log"
    return Finding(
        f"Rookery runs (process {holder}), but not ready at {machine.url}",
        f"wait a moment, give the --port it was started with, or look into {log}",
    )


async def check_database(url: str) -> list[Finding]:
    """Reachable, and migrated. The URL may hold a password, so it is not shown."""
    from rookery.kit.migrate import pending

    try:
        connection = await asyncpg.connect(url, timeout=ANSWER_TIMEOUT_S)
    except (OSError, TimeoutError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        why = str(error) or type(error).__name__
        return [Finding(f"the database does not answer: {why}", "start it, or check ROOKERY_DATABASE_URL")]
    try:
        missing = await pending(connection)
    finally:
        await connection.close()
    if missing:
        return [
            Finding("the database answers"),
            Finding(f"{len(missing)} migrations are missing", "run `rookery migrate`"),
        ]
    return [Finding("the database answers"), Finding("all migrations are applied")]


async def check_cache(url: str) -> Finding:
    """Any reply counts, a request for a password too: what is asked here is whether somebody is there."""
    parts = urlsplit(url)
    try:
        async with asyncio.timeout(ANSWER_TIMEOUT_S):
            if parts.scheme == "unix":
                reader, writer = await asyncio.open_unix_connection(parts.path)
            else:
                reader, writer = await asyncio.open_connection(parts.hostname, parts.port or 6379)
            try:
                writer.write(b"PING\r\n")
                reply = await reader.readline()
            finally:
                writer.close()
    except (OSError, TimeoutError, ValueError) as error:
        why = str(error) or type(error).__name__
        return Finding(f"the cache does not answer: {why}", "start it, or check ROOKERY_CACHE_URL")
    if reply[:1] in (b"+", b"-"):
        return Finding("the cache answers")
    return Finding("what listens at ROOKERY_CACHE_URL is no Valkey", "check ROOKERY_CACHE_URL")
