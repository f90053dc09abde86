"""Which addresses the service may talk to: public ones, and those that the operator names.

A name is resolved here and the connection made to an address that was checked, never to the name: a name server that
answers otherwise the second time has no second time. TLS and the `Host` header keep the name.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, Final

import httpcore

from rookery.media.cards.errors import Forbidden, Unreachable

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolve = Callable[[str, int], Awaitable[list[str]]]

PORTS: Final = frozenset({80, 443})
ADDRESSES_TRIED: Final = 2
RESOLVERS: Final = 8  # threads; a look-up that hangs holds one

# Addresses that carry an IPv4 address to which a gateway passes the packet on: RFC 6052, RFC 4291.
NAT64: Final = IPv6Network("64:ff9b::/96")
# Not public, whatever the tables of this Python say of them: RFC 4291 (compatible, site-local), 3056 (6to4), 4380
# (Teredo), 8215 (local NAT64), 6666 (discard), 3849 and 9637 (documentation), 7526 (6to4 relays).
NEVER: Final = tuple(
    map(
        ip_network,
        (
            "::/96",
            "::ffff:0:0:0/96",
            "fec0::/10",
            "2002::/16",
            "2001::/32",
            "64:ff9b:1::/48",
            "100::/64",
            "2001:db8::/32",
            "3fff::/20",
            "192.88.99.0/24",
        ),
    )
)
ISATAP: Final = (0x00005EFE, 0x02005EFE)  # RFC 5214: the upper half of the interface identifier


def is_public(address: Address) -> bool:
    """Whether an address is one of the public Internet, in whatever form it is written."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address in NAT64:
            return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
        if (int(address) >> 32) & 0xFFFFFFFF in ISATAP:
            return False
    if any(address in network for network in NEVER if network.version == address.version):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


class Gate(httpcore.AsyncNetworkBackend):
    """The one way out. Every connection is made here: each redirect, each host written as a number.

    `allowed` names networks beside the public ones, reachable at any port; public addresses only at PORTS. Raises
    Forbidden when any address of a name is neither, Unreachable when it has none or none answers.
    """

    def __init__(self, allowed: Iterable[str], resolve: Resolve | None = None) -> None:
        self._allowed: list[Network] = [ip_network(network) for network in allowed]
        self._resolve = resolve or Resolver()
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        addresses = await self.checked(host, port)
        for left, address in enumerate(reversed(addresses[:ADDRESSES_TRIED])):
            try:
                return await self._network.connect_tcp(str(address), port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if not left:
                    raise
        raise Unreachable(f"{host} has no address")

    async def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        raise Forbidden("a socket of this machine")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def checked(self, host: str, port: int) -> list[Address]:
        """The addresses of a host, all of which may be talked to at this port."""
        try:
            addresses = [ip_address(text) for text in await self._resolve(host, port)]
        except (OSError, UnicodeError) as error:
            raise Unreachable(f"{host}: {error}") from error
        for address in addresses:
            if not self._may_reach(address, port):
                raise Forbidden(f"{host} is {address}, port {port}")
        return addresses

    def _may_reach(self, address: Address, port: int) -> bool:
        real = getattr(address, "ipv4_mapped", None) or address
        if any(real in network for network in self._allowed if network.version == real.version):
            return True
        return port in PORTS and is_public(address)


class Resolver:
    """Asks the system, in threads of its own: what else waits for threads must not wait for slow name servers."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(RESOLVERS, thread_name_prefix="resolve")

    async def __call__(self, host: str, port: int) -> list[str]:
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(
            self._threads, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        )
        return [str(address[0]) for *_, address in found]
