"""Rate limits: token buckets in Valkey, taken from in one command.

A bucket holds up to `burst` tokens and refills evenly, all of it in `window_s`. It is kept as one number, the moment at
which it will be full again, in microseconds of the server's clock (the generic cell rate algorithm, ITU-T I.371, which
is the token bucket seen from the other side): a take moves that moment by one token's refill time, and is refused when
it would lie further ahead than a whole window. The script is atomic, so that concurrent takes never exceed the burst.
The key expires when the bucket is full, since a full bucket and no bucket are the same.

While Valkey is away every process limits by buckets of its own: a client then gets at most the burst of each process.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Sequence
from math import ceil
from typing import Any

from msgspec import Struct

from rookery.kit.cache import Argument, Cache, CacheError, CacheReplyError, CacheUnavailable, Script
from rookery.kit.settings import SettingsError

# KEYS: the buckets, all with the same hash tag; ARGV: refill time of one token in us and burst, for each.
# All tokens are taken or none. Returns for each bucket: us to wait (0: enough tokens), tokens left, us until full.
TAKE = Script(
    """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local result, allowed = {}, true
for i, key in ipairs(KEYS) do
  local refill, burst = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  local full_at = math.max(tonumber(redis.call('GET', key) or 0), now)
  local wait = math.max(full_at + refill - refill * burst - now, 0)
  if wait > 0 then allowed = false end
  result[3 * i - 2] = wait
  result[3 * i] = full_at - now
end
for i, key in ipairs(KEYS) do
  local refill, burst = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  if allowed then
    result[3 * i] = result[3 * i] + refill
    local full_at = string.format('%.0f', now + result[3 * i])
    redis.call('SET', key, full_at, 'PX', math.ceil(result[3 * i] / 1000))
  end
  result[3 * i - 1] = math.max(math.floor(burst - result[3 * i] / refill), 0)
end
return result
"""
)

UNKNOWN = -1  # tokens left in a bucket that was not asked
REMEMBERED_MAX = 20_000  # entries of each table in a process's memory

Header = tuple[bytes, bytes]


class Policy(Struct, frozen=True):
    """A class of requests and how many of them a subject may make."""

    name: str
    burst: int
    window_s: int

    @property
    def refill_us(self) -> int:
        """Microseconds in which one token grows back."""
        return ceil(self.window_s * 1_000_000 / self.burst)

    @property
    def item(self) -> str:
        """As a member of RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers-11)."""
        return f'"{self.name}";q={self.burst};w={self.window_s}'


def parse_policy(name: str, text: str) -> Policy:
    """`burst/seconds`; raises SettingsError naming the variable."""
    burst, _, window = text.partition("/")
    if not (burst.isdecimal() and window.isdecimal() and int(burst) > 0 and int(window) > 0):
        raise SettingsError(f"ROOKERY_RATE_LIMIT_{name.upper()}: must be burst/seconds, such as 300/60")
    return Policy(name, int(burst), int(window))


class Decision(Struct, frozen=True):
    """Whether the tokens were there, and what the client is told."""

    allowed: bool
    retry_after_s: int  # 0 when allowed, else at least 1
    headers: list[Header]


class Check:
    """A take under way. Await `decision` once, or `abandon` it; the tokens may be spent either way."""

    __slots__ = ("_future", "_limiter", "_set")

    def __init__(self, limiter: "Limiter", buckets: "BucketSet", future: "asyncio.Future[Any] | None") -> None:
        self._limiter = limiter
        self._set = buckets
        self._future = future

    async def decision(self) -> Decision:
        """Never raises for Valkey's sake."""
        reply = await self._reply()
        return self._limiter.decide(self._set, reply)

    @property
    def known(self) -> bool:
        """Whether the decision is there already."""
        return self._future is None or self._future.done()

    def abandon(self) -> None:
        if self._future is not None:
            self._future.cancel()

    async def _reply(self) -> list[int]:
        if self._future is None:
            return self._limiter.take_locally(self._set)
        try:
            return list(await self._future)
        except CacheReplyError as error:
            if not str(error).startswith("NOSCRIPT"):
                raise
        except CacheUnavailable:
            return self._limiter.take_locally(self._set)
        return await self._limiter.take_with_source(self._set)


class BucketSet:
    """The buckets of one subject that a request takes from, ready to be sent."""

    __slots__ = ("arguments", "keys", "policies", "subject")

    def __init__(self, subject: str, policies: "PolicySet") -> None:
        self.subject = subject
        self.policies = policies
        self.keys = [f"rl:{{{subject}}}:{policy.name}" for policy in policies.policies]
        self.arguments = policies.arguments


class PolicySet:
    """Policies that are taken from together, with what is the same for every subject."""

    __slots__ = ("arguments", "header", "policies")

    def __init__(self, *policies: Policy) -> None:
        self.policies = policies
        self.arguments: list[Argument] = [
            str(number) for policy in policies for number in (policy.refill_us, policy.burst)
        ]
        self.header: Header = (b"ratelimit-policy", ", ".join(policy.item for policy in policies).encode())


class Limiter:
    """Takes tokens. A subject (`u42`, `a192.0.2.1`) has a bucket for each policy."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._refused: OrderedDict[str, float] = OrderedDict()  # bucket -> monotonic moment of its next token
        self._local: OrderedDict[str, int] = OrderedDict()  # bucket -> monotonic us at which it is full

    def start(self, subject: str, policies: PolicySet) -> Check:
        """Send the take now, in the same write as whatever else is sent in this turn of the event loop.

        A subject that was refused is refused again without asking until its next token is due: nobody gives tokens
        back, so the answer could not be another.
        """
        buckets = BucketSet(subject, policies)
        if self._refused and (reply := self._still_refused(buckets)) is not None:
            future = asyncio.get_running_loop().create_future()
            future.set_result(reply)
            return Check(self, buckets, future)
        try:
            future = self._cache.send("EVALSHA", TAKE.digest, len(buckets.keys), *buckets.keys, *buckets.arguments)
        except CacheUnavailable:
            return Check(self, buckets, None)
        return Check(self, buckets, future)

    async def take(self, subject: str, policies: PolicySet) -> Decision:
        """Take one token from each bucket, or none."""
        return await self.start(subject, policies).decision()

    async def take_with_source(self, buckets: BucketSet) -> list[int]:
        """For a server that does not know the script yet."""
        try:
            return list(await self._cache.run(TAKE, buckets.keys, buckets.arguments))
        except CacheError:
            return self.take_locally(buckets)

    def take_locally(self, buckets: BucketSet) -> list[int]:
        """The script's arithmetic on this process's own buckets."""
        now = time.monotonic_ns() // 1000
        full_at = [max(self._local.get(key, 0), now) for key in buckets.keys]
        waits = [
            max(full + policy.refill_us - policy.refill_us * policy.burst - now, 0)
            for full, policy in zip(full_at, buckets.policies.policies, strict=True)
        ]
        reply: list[int] = []
        for key, full, policy, wait in zip(buckets.keys, full_at, buckets.policies.policies, waits, strict=True):
            if not any(waits):
                full += policy.refill_us
                _remember(self._local, key, full)
            reply += [wait, policy.burst - ceil((full - now) / policy.refill_us), full - now]
        return reply

    def decide(self, buckets: BucketSet, reply: Sequence[int]) -> Decision:
        """Turn [wait_us, left, full_in_us] for each bucket into an answer."""
        wait_us = max(reply[::3])
        items = []
        for nth, policy in enumerate(buckets.policies.policies):
            wait, left, full_in = reply[3 * nth : 3 * nth + 3]
            if wait > 0:
                _remember(self._refused, buckets.keys[nth], time.monotonic() + wait / 1e6)
            # t: while refused, until the next token (so that it agrees with Retry-After), else until all are back.
            if left != UNKNOWN:
                items.append(f'"{policy.name}";r={left};t={_seconds(wait or full_in)}')
        headers = [buckets.policies.header, (b"ratelimit", ", ".join(items).encode())]
        return Decision(wait_us == 0, _seconds(wait_us), headers)

    def _still_refused(self, buckets: BucketSet) -> list[int] | None:
        now = time.monotonic()
        reply: list[int] = []
        if not any(key in self._refused for key in buckets.keys):
            return None
        for key, policy in zip(buckets.keys, buckets.policies.policies, strict=True):
            wait_us = int((self._refused.get(key, 0.0) - now) * 1e6)
            if wait_us <= 0:
                self._refused.pop(key, None)
                reply += [0, UNKNOWN, 0]
            else:
                reply += [wait_us, 0, policy.refill_us * policy.burst]
        return reply if any(reply[::3]) else None


def _remember(table: "OrderedDict[str, Any]", key: str, value: float) -> None:
    table[key] = value
    table.move_to_end(key)
    if len(table) > REMEMBERED_MAX:
        table.popitem(last=False)


def _seconds(microseconds: int) -> int:
    """Rounded up, as whole seconds are all that the headers know."""
    return -(-microseconds // 1_000_000)
