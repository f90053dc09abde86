"""Whether a web server could listen at an address."""

import errno
import socket

import psutil

from rookery.embedded.errors import EmbeddedError

OTHER_HOST = "choose another --host, such as 127.0.0.1 (this machine alone) or 0.0.0.0 (every network)"


def check_port(host: str, port: int) -> None:
    """Raises EmbeddedError unless the address is free: taken (by whom), forbidden, not of this machine."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except socket.gaierror as error:
        raise EmbeddedError(f"{host} is no address of a machine ({error.strerror})", OTHER_HOST) from error
    family, kind, protocol, _, address = found[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
            probe.listen(1)
        except PermissionError as error:
            raise EmbeddedError(f"port {port} is reserved for root", "choose one above 1023") from error
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                mend = f"choose another, such as PORT={port + 1 if port < 65535 else 8000}"
                raise EmbeddedError(f"port {port} is taken{listener(port)}", mend) from error
            raise EmbeddedError(f"cannot listen at {host}, port {port} ({error.strerror})", OTHER_HOST) from error


def listener(port: int) -> str:
    """` by nginx (process 7)`, or '' where the system does not tell us."""
    try:
        for connection in psutil.net_connections(kind="tcp"):
            here = getattr(connection.laddr, "port", None) == port
            if here and connection.status == psutil.CONN_LISTEN and connection.pid:
                return f" by {psutil.Process(connection.pid).name()} (process {connection.pid})"
    except (psutil.Error, OSError):
        return ""
    return ""


def connect_host(host: str) -> str:
    """Where a client on this machine reaches a server that listens at `host`."""
    return {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound


def web_url(host: str, port: int) -> str:
    name = connect_host(host)
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"
