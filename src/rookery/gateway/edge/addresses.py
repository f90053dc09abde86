"""The address of the client, through proxies that we trust."""

import ipaddress
from collections.abc import Iterable, Sequence
from functools import lru_cache

from rookery.kit.settings import SettingsError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Headers = Iterable[tuple[bytes, bytes]]

UNKNOWN = str(ipaddress.IPv4Address(0))  # what a peer without an address (a Unix socket) is called


class ClientAddresses:
    """Finds the client's address: the peer's, unless the peer is a trusted proxy; then what that proxy reports.

    X-Forwarded-For is read from the right, where the nearest proxy appended: the first address that is not a trusted
    proxy is the client's, and all to its left is hearsay. An entry that is no address ends the walk: whoever wrote it
    cannot be trusted either.
    """

    def __init__(self, trusted: Sequence[str]) -> None:
        self._trusted = [_network(text) for text in trusted]
        self._is_trusted = lru_cache(4096)(self._look_up)

    def of(self, peer: str, headers: Headers) -> str:
        """The client's address in canonical form."""
        if not self._trusted or not self._is_trusted(peer):
            return canonical(peer) or UNKNOWN
        forwarded = b",".join(value for name, value in headers if name == b"x-forwarded-for").decode("latin-1")
        nearest = peer
        for entry in reversed(forwarded.split(",")):
            address = canonical(_without_port(entry.strip()))
            if address is None:
                break
            nearest = address
            if not self._is_trusted(address):
                break
        return canonical(nearest) or UNKNOWN

    def _look_up(self, text: str) -> bool:
        address = _parse(text)
        return address is not None and any(address in network for network in self._trusted)


@lru_cache(4096)
def canonical(text: str) -> str | None:
    """One spelling for each address, IPv4 in IPv6 as IPv4; None when it is no address."""
    address = _parse(text)
    return None if address is None else str(address)


@lru_cache(4096)
def rate_limit_key(address: str) -> str:
    """What shares a bucket: an IPv4 address, or the /64 that one IPv6 subscriber holds at the least."""
    parsed = _parse(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.IPv6Network((int(parsed) >> 64 << 64, 64)))
    return address


def _parse(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address.scope_id is not None:
            return ipaddress.IPv6Address(int(address))
    return address


def _without_port(entry: str) -> str:
    """`192.0.2.1:4711`, `[2001:db8::1]:4711`, `"[2001:db8::1]"` or the bare address."""
    entry = entry.strip('"')
    if entry.startswith("["):
        return entry[1:].partition("]")[0]
    return entry.partition(":")[0] if entry.count(":") == 1 else entry


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise SettingsError(f"ROOKERY_TRUSTED_PROXIES: {error}") from error
