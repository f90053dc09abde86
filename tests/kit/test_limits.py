"""Token buckets: exact under concurrency, refilling, atomic over several, and there while Valkey is not."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator

import pytest

from rookery.kit.cache import Cache
from rookery.kit.limits import Decision, Limiter, Policy, PolicySet, parse_policy
from rookery.kit.settings import SettingsError
from tests.own_servers import own_valkey

DEADLINE_S = 30.0
SLOW = PolicySet(Policy("slow", 50, 360_000))  # a token every two hours: none grows back in a test


@pytest.fixture
async def cache(valkey_url: str) -> AsyncIterator[Cache]:
    cache = Cache(valkey_url)
    await cache.open()
    yield cache
    await cache.close()


def subject() -> str:
    return f"u{secrets.token_hex(8)}"


def header(decision: Decision, name: bytes) -> str:
    return dict(decision.headers)[name].decode()


async def test_exactly_the_burst_is_allowed_among_processes(valkey_url: str) -> None:
    caches = [Cache(valkey_url) for _ in range(4)]
    for cache in caches:
        await cache.open()
    who = subject()
    takes = [Limiter(cache).take(who, SLOW) for cache in caches for _ in range(50)]
    decisions = await asyncio.gather(*takes)
    for cache in caches:
        await cache.close()
    assert sum(decision.allowed for decision in decisions) == 50
    left = sorted(header(decision, b"ratelimit").split(";")[1] for decision in decisions if decision.allowed)
    assert left == sorted(f"r={n}" for n in range(50))


async def test_burst_then_refill(cache: Cache) -> None:
    limiter, who, policies = Limiter(cache), subject(), PolicySet(Policy("quick", 3, 3))
    began = time.monotonic()
    allowed = 0
    while (decision := await limiter.take(who, policies)).allowed:
        allowed += 1
        assert allowed <= 3 + (time.monotonic() - began)
    assert allowed >= 3
    assert decision.retry_after_s == 1
    assert header(decision, b"ratelimit") == '"quick";r=0;t=1'
    async with asyncio.timeout(DEADLINE_S):
        while not (await limiter.take(who, policies)).allowed:
            await asyncio.sleep(0.05)
    assert allowed + 1 <= 3 + (time.monotonic() - began)


async def test_headers_follow_the_draft(cache: Cache) -> None:
    decision = await Limiter(cache).take(subject(), PolicySet(Policy("reads", 1800, 300)))
    assert decision.allowed
    assert header(decision, b"ratelimit-policy") == '"reads";q=1800;w=300'
    assert header(decision, b"ratelimit") == '"reads";r=1799;t=1'


async def test_subjects_and_classes_have_buckets_of_their_own(cache: Cache) -> None:
    limiter, ana, ben = Limiter(cache), subject(), subject()
    one, other = PolicySet(Policy("one", 1, 3600)), PolicySet(Policy("other", 1, 3600))
    assert (await limiter.take(ana, one)).allowed
    assert not (await limiter.take(ana, one)).allowed
    assert (await limiter.take(ana, other)).allowed
    assert (await limiter.take(ben, one)).allowed


async def test_several_buckets_give_all_or_none(cache: Cache) -> None:
    limiter, who = Limiter(cache), subject()
    narrow, wide = Policy("narrow", 1, 3600), Policy("wide", 10, 360_000)
    assert (await limiter.take(who, PolicySet(narrow, wide))).allowed
    refused = await limiter.take(who, PolicySet(narrow, wide))
    assert not refused.allowed
    assert 3590 < refused.retry_after_s <= 3600
    assert '"wide";r=9;' in header(refused, b"ratelimit")
    assert '"wide";r=8;' in header(await limiter.take(who, PolicySet(wide)), b"ratelimit")


async def test_a_refused_subject_is_not_asked_about_again(cache: Cache) -> None:
    limiter, who, policies = Limiter(cache), subject(), PolicySet(Policy("once", 1, 3600))
    await limiter.take(who, policies)
    await limiter.take(who, policies)
    await cache.execute("DEL", f"rl:{{{who}}}:once")
    refused = await limiter.take(who, policies)
    assert not refused.allowed
    assert 3590 < refused.retry_after_s <= 3600
    assert (await Limiter(cache).take(who, policies)).allowed


async def test_buckets_expire_when_full(cache: Cache) -> None:
    who = subject()
    await Limiter(cache).take(who, PolicySet(Policy("reads", 10, 100)))
    assert 0 < await cache.execute("PTTL", f"rl:{{{who}}}:reads") <= 10_000


async def test_the_script_is_sent_again_when_the_server_forgot_it(cache: Cache) -> None:
    limiter, who = Limiter(cache), subject()
    await limiter.take(who, SLOW)
    await cache.execute("SCRIPT", "FLUSH")
    decisions = await asyncio.gather(*(limiter.take(who, SLOW) for _ in range(60)))
    assert sum(decision.allowed for decision in decisions) == 49


async def test_limits_go_on_without_valkey() -> None:
    async with own_valkey() as valkey:
        cache = Cache(valkey.url)
        await cache.open()
        limiter, who = Limiter(cache), subject()
        under_way = [limiter.start(who, SLOW) for _ in range(10)]
        await valkey.stop()
        assert all([(await check.decision()).allowed for check in under_way])
        decisions = [await limiter.take(who, SLOW) for _ in range(60)]
        assert 40 <= sum(decision.allowed for decision in decisions) <= 50
        assert not decisions[-1].allowed
        assert decisions[-1].retry_after_s > 0

        await valkey.start()
        async with asyncio.timeout(DEADLINE_S):
            while not cache.connected:
                await asyncio.sleep(0.02)
        assert (await limiter.take(subject(), SLOW)).allowed
        await cache.close()


@pytest.mark.parametrize("text", ["", "10", "10/", "/10", "0/10", "10/0", "-1/10", "a/b", "1.5/10"])
def test_malformed_settings_are_named(text: str) -> None:
    with pytest.raises(SettingsError, match="ROOKERY_RATE_LIMIT_SIGN_UP"):
        parse_policy("sign_up", text)


def test_settings_are_burst_and_seconds() -> None:
    assert parse_policy("sign_up", "10/3600") == Policy("sign_up", 10, 3600)
