"""How sign-in slows guessers down. On a real Valkey, and in memory while there is none."""

import secrets
from collections.abc import AsyncIterator

import pytest

from rookery.gateway.wiring import Services
from rookery.kit.cache import Cache
from rookery.kit.settings import Settings
from rookery.users.accounts.errors import SignInSlowedDown
from rookery.users.accounts.throttle import FROM_STRANGERS, PER_ADDRESS, SignInThrottle, address_prefix
from tests.people import PASSWORD, Person, ok
from tests.users.accounts.processes import Process, running


@pytest.fixture(params=["valkey", "memory"])
def throttle(request: pytest.FixtureRequest, services: Services) -> SignInThrottle:
    limited = Settings(secret_key=secrets.token_hex(32))
    cache = services.resources.cache if request.param == "valkey" else Cache("redis://127.0.0.1:1")
    return SignInThrottle(cache, limited)


async def attempts(throttle: SignInThrottle, login: str, ip_address: str, most: int) -> int:
    """How many attempts are admitted in a row, at most `most`."""
    for number in range(most):
        try:
            await throttle.take(login, ip_address)
        except SignInSlowedDown as problem:
            assert problem.retry_after_s is not None
            assert 0 < problem.retry_after_s <= PER_ADDRESS.interval_s
            return number
    return most


async def test_one_address(throttle: SignInThrottle) -> None:
    assert await attempts(throttle, "ana", "192.0.2.1", 50) == PER_ADDRESS.burst
    assert await attempts(throttle, "ana", "192.0.2.2", 5) == 5
    assert await attempts(throttle, "ben", "192.0.2.1", 5) == 5


async def test_one_ipv6_subscriber(throttle: SignInThrottle) -> None:
    assert await attempts(throttle, "ana", "2001:db8:0:1::1", 50) == PER_ADDRESS.burst
    assert await attempts(throttle, "ana", "2001:db8:0:1:ffff::2", 5) == 0
    assert await attempts(throttle, "ana", "2001:db8:0:2::1", 5) == 5


async def test_right_password_gives_back(throttle: SignInThrottle) -> None:
    for _ in range(3):
        assert await attempts(throttle, "ana", "192.0.2.1", 9) == 9
        await throttle.forgive("ana", "192.0.2.1")


async def test_many_strangers_at_once(throttle: SignInThrottle) -> None:
    admitted = sum([await attempts(throttle, "ana", f"198.51.100.{n}", 1) for n in range(150)])
    assert admitted == FROM_STRANGERS.burst


async def test_owner_at_home_is_no_stranger(services: Services) -> None:
    throttle = SignInThrottle(services.resources.cache, Settings(secret_key=secrets.token_hex(32)))
    await throttle.take("ana", "192.0.2.1")
    await throttle.forgive("ana", "192.0.2.1")
    for n in range(150):
        await attempts(throttle, "ana", f"198.51.100.{n}", 1)
    assert await attempts(throttle, "ana", "203.0.113.1", 1) == 0
    assert await attempts(throttle, "ana", "192.0.2.1", 50) == PER_ADDRESS.burst


async def test_keys_tell_no_address(services: Services) -> None:
    throttle = SignInThrottle(services.resources.cache, Settings(secret_key=secrets.token_hex(32)))
    login = f"{secrets.token_hex(8)}@example.org"
    await throttle.take(login, "192.0.2.77")
    keys = await services.resources.cache.execute("KEYS", "sign-in:*")
    assert keys
    assert not [key for key in keys if login.encode() in key or b"192.0.2.77" in key]


async def test_buckets_end_by_themselves(services: Services) -> None:
    """Nothing is left in Valkey for ever: every key has an end."""
    throttle = SignInThrottle(services.resources.cache, Settings(secret_key=secrets.token_hex(32)))
    await throttle.take("ana", "192.0.2.1")
    await throttle.forgive("ana", "192.0.2.1")
    await throttle.take("ana", "192.0.2.2")
    cache = services.resources.cache
    keys = await cache.execute("KEYS", "sign-in:*")
    assert min(await cache.pipeline([("PTTL", key) for key in keys])) >= 0


def test_prefixes() -> None:
    assert address_prefix("192.0.2.1") == "192.0.2.1"
    assert address_prefix("2001:db8::1") == address_prefix("2001:db8::ffff:1")
    assert address_prefix("") == ""
    assert address_prefix("unix") == "unix"


@pytest.fixture
async def limited(settings: Settings, services: Services) -> AsyncIterator[Process]:
    """A process that limits, generously at the edge so that what is met is the slowing down of one account."""
    generous = dict.fromkeys(("rate_limit_sign_up", "rate_limit_sign_in", "rate_limit_writes"), "100000/1")
    async with running(settings, rate_limits=True, **generous) as process:
        yield process


async def test_over_http(limited: Process, ana: Person) -> None:
    """After ten wrong passwords even the right one waits at that address; at another it does not."""
    for login in (ana.username, f"nobody_{secrets.token_hex(4)}"):
        async with limited.client("192.0.2.50") as client:
            body = {"login": login, "password": "wrong"}
            codes = [(await client.post("/v1/sessions", json=body)).status_code for _ in range(11)]
            assert codes == [401] * 10 + [429]
            response = await client.post("/v1/sessions", json={"login": login, "password": PASSWORD})
            assert (response.status_code, response.json()["code"]) == (429, "rate_limited")
            assert 0 < int(response.headers["retry-after"]) <= PER_ADDRESS.interval_s
    async with limited.client("192.0.2.51") as client:
        ok(await client.post("/v1/sessions", json={"login": ana.username, "password": PASSWORD}))


async def test_changing_the_password_is_slowed_down_too(limited: Process, ana: Person) -> None:
    async with limited.client("192.0.2.60") as client:
        body = {"current_password": "wrong", "new_password": "another fine stable"}
        headers = {"Authorization": f"Bearer {ana.token}"}
        codes = [(await client.put("/v1/users/me/password", json=body, headers=headers)).status_code for _ in range(11)]
    assert codes == [400] * 10 + [429]
