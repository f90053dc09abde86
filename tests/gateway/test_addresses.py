"""Whose address a request has, and what shares a bucket."""

import pytest

from rookery.gateway.edge.addresses import ClientAddresses, canonical, rate_limit_key
from rookery.kit.settings import SettingsError


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        ([], "10.0.0.1"),
        (["198.51.100.7"], "198.51.100.7"),
        (["203.0.113.9, 198.51.100.7"], "198.51.100.7"),
        (["203.0.113.9", "198.51.100.7, 10.0.0.2"], "198.51.100.7"),
        (["198.51.100.7:4711"], "198.51.100.7"),
        (["[2001:db8::7]:4711"], "2001:db8::7"),
        (["2001:DB8:0::7"], "2001:db8::7"),
        (["::ffff:198.51.100.7"], "198.51.100.7"),
        (["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        (["198.51.100.7, unknown"], "10.0.0.1"),
        (["198.51.100.7, <script>, 10.0.0.2"], "10.0.0.2"),
        ([""], "10.0.0.1"),
    ],
)
def test_walk_from_the_right(forwarded: list[str], client: str) -> None:
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    assert ClientAddresses(["10.0.0.0/8"]).of("10.0.0.1", headers) == client


def test_untrusted_peer_is_the_client() -> None:
    headers = [(b"x-forwarded-for", b"198.51.100.7")]
    assert ClientAddresses(["10.0.0.0/8"]).of("192.0.2.1", headers) == "192.0.2.1"
    assert ClientAddresses([]).of("10.0.0.1", headers) == "10.0.0.1"


def test_single_address_may_be_trusted() -> None:
    headers = [(b"x-forwarded-for", b"198.51.100.7")]
    assert ClientAddresses(["::1"]).of("::1", headers) == "198.51.100.7"


def test_malformed_setting_is_named() -> None:
    with pytest.raises(SettingsError, match="ROOKERY_TRUSTED_PROXIES"):
        ClientAddresses(["10.0.0.0/33"])


def test_a_peer_without_an_address() -> None:
    assert ClientAddresses([]).of("", []) == "0.0.0.0"


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
    ],
)
def test_ipv6_shares_by_64(address: str, key: str) -> None:
    assert rate_limit_key(address) == key


def test_one_spelling() -> None:
    assert canonical("fe80::1%eth0") == "fe80::1"
    assert canonical("::FFFF:192.0.2.1") == "192.0.2.1"
    assert canonical("localhost") is None
