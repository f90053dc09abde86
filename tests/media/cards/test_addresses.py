"""Which addresses are public, in all the spellings in which one can be smuggled in."""

from ipaddress import ip_address

import pytest

from rookery.media.cards.addresses import Gate, Resolver, is_public
from rookery.media.cards.errors import Forbidden, Unreachable
from tests.media.cards.world import Names

PRIVATE = [
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1", "192.0.0.1",
    "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.1.1",
    "240.0.0.1", "255.255.255.255",
    "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:0:127.0.0.1",
    "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b::10.0.0.1", "64:ff9b:1::8.8.8.8",
    "2002:7f00:1::", "2002:a00:1::1", "2002:808:808::1", "2001:0:808:808::1", "2001:db8::1", "3fff::1",
    "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%1", "fec0::1", "ff02::1", "100::1",
    "2606:4700::5efe:127.0.0.1", "2606:4700::200:5efe:10.0.0.1",
]  # fmt: skip
PUBLIC = ["1.1.1.1", "8.8.8.8", "172.32.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"]


@pytest.mark.parametrize("address", PRIVATE)
def test_private(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address: str) -> None:
    assert is_public(ip_address(address))


async def test_every_address_of_a_name_must_be_public() -> None:
    gate = Gate([], Names(mixed_example=[["8.8.8.8", "10.0.0.1"]], fine_example=[["8.8.8.8", "1.1.1.1"]]))
    assert [str(address) for address in await gate.checked("fine.example", 443)] == ["8.8.8.8", "1.1.1.1"]
    with pytest.raises(Forbidden, match=r"10\.0\.0\.1"):
        await gate.checked("mixed.example", 443)


async def test_public_addresses_at_the_ports_of_the_web_alone() -> None:
    gate = Gate(["10.1.0.0/16"], Names(public_example=[["8.8.8.8"]], inside_example=[["10.1.2.3"]]))
    for port in (22, 25, 6379, 8080):
        with pytest.raises(Forbidden):
            await gate.checked("public.example", port)
    assert await gate.checked("inside.example", 8080)


async def test_a_named_network_is_meant_in_its_mapped_form_too() -> None:
    gate = Gate(["10.1.0.0/16"], Names(inside_example=[["::ffff:10.1.2.3"]], other_example=[["::ffff:10.2.2.3"]]))
    assert await gate.checked("inside.example", 80)
    with pytest.raises(Forbidden):
        await gate.checked("other.example", 80)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0", "localhost"])
async def test_spellings_of_this_machine(host: str) -> None:
    """By the system's own resolver, which reads numbers as inet_aton does."""
    with pytest.raises((Forbidden, Unreachable)):
        await Gate([], Resolver()).checked(host, 80)


async def test_no_sockets_of_this_machine() -> None:
    with pytest.raises(Forbidden):
        await Gate([]).connect_unix_socket("/run/some.sock")
