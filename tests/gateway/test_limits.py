"""Rate limits at the edge: classes, subjects, headers, reads that are refused after the fact, Valkey away."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from typing import Any

import pytest

from rookery.gateway.edge.classes import RouteLimits
from rookery.kit.cache import Cache
from rookery.kit.limits import Limiter
from rookery.kit.settings import Settings
from tests.gateway.stage import Stage
from tests.own_servers import own_valkey


@pytest.fixture
async def cache(valkey_url: str) -> AsyncIterator[Cache]:
    cache = Cache(valkey_url)
    await cache.open()
    yield cache
    await cache.close()


def stage_with(cache: Cache, **limits: str) -> Stage:
    """Ample limits but for those given, and a client whose address no other test has."""
    names = ("sign_up", "sign_in", "writes", "reads", "search")
    values: dict[str, Any] = {f"rate_limit_{name}": limits.get(name, "1000/10") for name in names}
    stage = Stage(Settings(**values), cache)
    stage.client = stage.client_at(address())
    return stage


def address() -> str:
    return f"2001:db8:{secrets.token_hex(2)}:{secrets.token_hex(2)}::1"


def token() -> dict[str, str]:
    return {"Authorization": f"Bearer user-{secrets.randbits(50) * 2 + 1}"}


async def test_answers_say_what_is_left(cache: Cache) -> None:
    stage = stage_with(cache, reads="5/5000", writes="3/3000")
    answer = await stage.client.get("/v1/whoami")
    assert answer.headers["ratelimit-policy"] == '"reads";q=5;w=5000'
    assert answer.headers["ratelimit"] == '"reads";r=4;t=1000'
    answer = await stage.client.post("/v1/notes", json={"text": "a"})
    assert answer.headers["ratelimit"] == '"writes";r=2;t=1000'


async def test_write_beyond_the_limit_is_refused_before_it_begins(cache: Cache) -> None:
    stage = stage_with(cache, writes="3/3000")
    statuses = [(await stage.client.post("/v1/notes", json={"text": "a"})).status_code for _ in range(5)]
    assert statuses == [201, 201, 201, 429, 429]
    assert stage.calls.count == 3


async def test_refusal_is_a_problem_with_retry_after(cache: Cache) -> None:
    stage = stage_with(cache, reads="1/3000")
    await stage.client.get("/v1/whoami")
    answer = await stage.client.get("/v1/whoami")
    assert answer.status_code == 429
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "rate_limited"
    assert 2900 < int(answer.headers["retry-after"]) <= 3000
    assert answer.headers["ratelimit"] == f'"reads";r=0;t={answer.headers["retry-after"]}'
    assert answer.headers["x-request-id"] == answer.json()["request_id"]
    assert answer.headers["content-security-policy"]


async def test_concurrent_reads_beyond_the_limit_are_thrown_away(cache: Cache) -> None:
    stage = stage_with(cache, reads="10/100000")
    answers = await asyncio.gather(*(stage.client.get("/v1/whoami") for _ in range(40)))
    assert sorted(answer.status_code for answer in answers) == [200] * 10 + [429] * 30
    assert all("user_id" not in answer.text and "ip" not in answer.json() for answer in answers if answer.is_error)


async def test_refused_reads_are_refused_without_running_the_next_time(cache: Cache) -> None:
    stage = stage_with(cache, reads="1/3000")
    assert [(await stage.client.get("/v1/whoami")).status_code for _ in range(2)] == [200, 429]
    ran = stage.calls.count
    assert [(await stage.client.get("/v1/whoami")).status_code for _ in range(3)] == [429, 429, 429]
    assert stage.calls.count == ran


async def test_a_read_and_its_limit_share_one_round_trip(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = stage_with(cache)
    await stage.client.get("/v1/timelines/home")  # the server knows the script now
    protocol = cache._protocol
    assert protocol is not None
    written: list[bytes] = []
    transport = Recorder(protocol.transport, written)
    monkeypatch.setattr(protocol, "transport", transport)
    answer = await stage.client.get("/v1/timelines/home")
    assert answer.status_code == 200
    assert answer.headers["ratelimit"]
    (write,) = written
    assert b"EVALSHA" in write
    assert b"ECHO" in write


async def test_users_have_their_own_buckets_wherever_they_are(cache: Cache) -> None:
    stage, ana, ben = stage_with(cache, reads="2/3000"), token(), token()
    elsewhere = stage.client_at(address())
    assert (await stage.client.get("/v1/whoami", headers=ana)).status_code == 200
    assert (await elsewhere.get("/v1/whoami", headers=ana)).status_code == 200
    assert (await stage.client.get("/v1/whoami", headers=ana)).status_code == 429
    assert (await stage.client.get("/v1/whoami", headers=ben)).status_code == 200
    assert (await stage.client.get("/v1/whoami")).status_code == 200


async def test_addresses_of_one_subscriber_share_a_bucket(cache: Cache) -> None:
    stage = stage_with(cache, reads="1/3000")
    network = address().removesuffix("::1")
    assert (await stage.client_at(f"{network}::1").get("/v1/whoami")).status_code == 200
    assert (await stage.client_at(f"{network}:1:2:3:4").get("/v1/whoami")).status_code == 429


async def test_guessing_tokens_is_limited(cache: Cache) -> None:
    stage = stage_with(cache, reads="3/3000")
    statuses = [
        (await stage.client.get("/v1/whoami", headers={"Authorization": f"Bearer guess{n}"})).status_code
        for n in range(5)
    ]
    assert statuses == [401, 401, 401, 429, 429]


async def test_limits_can_be_switched_off() -> None:
    answer = await Stage(Settings(rate_limits=False)).client.get("/v1/whoami")
    assert answer.status_code == 200
    assert "ratelimit" not in answer.headers


async def test_preflights_are_not_limited(cache: Cache) -> None:
    stage = stage_with(cache, reads="1/3000", writes="1/3000")
    for _ in range(3):
        assert (await stage.client.options("/v1/whoami")).status_code == 204


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("POST", "/v1/users", "sign_up"),
        ("POST", "/v1/users/", "sign_up"),
        ("POST", "/v1//users", "sign_up"),
        ("POST", "/v1/sessions", "sign_in"),
        ("POST", "/v1/sessions/", "sign_in"),
        ("POST", "/v1/sessions/refresh", "writes"),
        ("POST", "/v1/password-resets", "sign_in"),
        ("POST", "/v1/password-resets/confirm", "sign_in"),
        ("PUT", "/v1/users/me/password", "sign_in"),
        ("GET", "/v1/sessions", "reads"),
        ("GET", "/v1/users", "reads"),
        ("PATCH", "/v1/users/me", "writes"),
        ("DELETE", "/v1/posts/1", "writes"),
        ("GET", "/v1/timelines/home", "reads"),
        ("GET", "/v1/search/posts", "search"),
        ("GET", "/v1/trends", "search"),
        ("GET", "/v1/users/me/suggestions", "search"),
        ("DELETE", "/v1/users/me/suggestions/1", "writes"),
        ("GET", "/v1/posts/1/similar", "search"),
        ("OPTIONS", "/v1/posts", None),
    ],
)
def test_classes(method: str, path: str, expected: str | None) -> None:
    limits = RouteLimits(Settings(), Limiter(Cache("redis://127.0.0.1:1")))
    policies = limits.classify(method, path)
    assert (policies.policies[0].name if policies else None) == expected


async def test_limits_hold_while_valkey_is_away() -> None:
    async with own_valkey() as valkey:
        cache = Cache(valkey.url)
        await cache.open()
        stage = stage_with(cache, reads="5/50000", writes="5/50000")
        await valkey.stop()
        reads = [(await stage.client.get("/v1/whoami")).status_code for _ in range(7)]
        writes = [(await stage.client.post("/v1/notes", json={"text": "a"})).status_code for _ in range(7)]
        assert reads == [200] * 5 + [429] * 2
        assert writes == [201] * 5 + [429] * 2
        await cache.close()


class Recorder:
    """A transport that notes what is written."""

    def __init__(self, transport: Any, written: list[bytes]) -> None:
        self._transport = transport
        self._written = written

    def write(self, data: bytes) -> None:
        self._written.append(data)
        self._transport.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


async def test_other_reads_wait_for_the_round_trip_that_brings_changes(cache: Cache) -> None:
    """A read that looks at local caches first must have heard what other processes changed before it."""
    here, there = stage_with(cache, reads="1/3000"), stage_with(cache, reads="1/3000")
    person = token()
    assert (await here.client.get("/v1/whoami", headers=person)).status_code == 200
    assert (await there.client.get("/v1/whoami", headers=person)).status_code == 429
    assert there.calls.count == 0  # refused before it ran: the decision was waited for
