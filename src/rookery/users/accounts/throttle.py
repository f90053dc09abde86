"""Slows guessing down without locking the owner out.

Every attempt takes a token from two buckets, and a right password gives them back:

* one for the login and the address that it comes from: PER_ADDRESS,
* one for the login from all addresses that have never signed in to it: FROM_STRANGERS. An address from which somebody
  signed in within KNOWN_S is no stranger, so that an attack from elsewhere does not touch the owner at home.

Buckets are kept by the generic cell rate algorithm: one number each, the time at which the bucket is full again. Valkey
holds them (one round trip), and the process's own memory while Valkey is away. A login that nobody has is treated like
any other. Keys are digests: Valkey learns no e-mail address.
"""

import hashlib
import hmac
import ipaddress
import math
import time
from collections import OrderedDict
from typing import Final

from msgspec import Struct

from rookery.kit.cache import Cache, CacheError, Script
from rookery.kit.sealing import derive_key
from rookery.kit.settings import Settings
from rookery.users.accounts.errors import SignInSlowedDown

KNOWN_S: Final = 90 * 24 * 3600
LOCAL_MAX: Final = 20_000


class Bucket(Struct, frozen=True):
    """`burst` attempts at once, then one every `interval_s`."""

    burst: int
    interval_s: float


PER_ADDRESS: Final = Bucket(10, 60.0)
FROM_STRANGERS: Final = Bucket(100, 20.0)

# KEYS: per address, from strangers, known. ARGV: burst and interval (ms) of each. Returns ms to wait, 0 when admitted.
TAKE: Final = Script("""
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local buckets = {{KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2])}}
if redis.call('EXISTS', KEYS[3]) == 0 then
    buckets[2] = {KEYS[2], tonumber(ARGV[3]), tonumber(ARGV[4])}
end
local wait = 0
for _, bucket in ipairs(buckets) do
    local full_at = math.max(tonumber(redis.call('GET', bucket[1]) or now), now)
    wait = math.max(wait, full_at - now - (bucket[2] - 1) * bucket[3])
    bucket[4] = full_at + bucket[3]
end
if wait > 0 then return wait end
for _, bucket in ipairs(buckets) do
    redis.call('SET', bucket[1], string.format('%d', bucket[4]), 'PX', string.format('%d', bucket[4] - now))
end
return 0
""")

# A right password: the address is known from now on and its bucket full; strangers get the token back.
FORGIVE: Final = Script("""
redis.call('DEL', KEYS[1])
if redis.call('EXISTS', KEYS[3]) == 0 then
    local full_at = redis.call('GET', KEYS[2])
    local left = redis.call('PTTL', KEYS[2])
    if full_at and left > tonumber(ARGV[1]) then
        redis.call('SET', KEYS[2], string.format('%d', full_at - ARGV[1]), 'PX', left - ARGV[1])
    else
        redis.call('DEL', KEYS[2])
    end
end
redis.call('SET', KEYS[3], '1', 'EX', ARGV[2])
return 0
""")


class SignInThrottle:
    """`take` before the password is looked at, `forgive` when it was right."""

    def __init__(self, cache: Cache, settings: Settings) -> None:
        self._cache = cache
        self._enabled = settings.rate_limits
        self._key = derive_key(settings.secret_key, "sign-in throttle")
        self._local = _LocalBuckets()

    async def take(self, login: str, ip_address: str) -> None:
        """Raises SignInSlowedDown with the time to wait."""
        if not self._enabled:
            return
        keys = self._keys(login, ip_address)
        buckets = (PER_ADDRESS, FROM_STRANGERS)
        arguments = [number for each in buckets for number in (each.burst, int(each.interval_s * 1000))]
        try:
            wait_s = await self._cache.run(TAKE, keys, arguments) / 1000
        except CacheError:
            wait_s = self._local.take([(keys[0], PER_ADDRESS), (keys[1], FROM_STRANGERS)])
        if wait_s > 0:
            raise SignInSlowedDown("Wait before you try again.", retry_after_s=math.ceil(wait_s))

    async def forgive(self, login: str, ip_address: str) -> None:
        if not self._enabled:
            return
        keys = self._keys(login, ip_address)
        self._local.forgive(keys[0], keys[1], FROM_STRANGERS)
        try:
            await self._cache.run(FORGIVE, keys, [int(FROM_STRANGERS.interval_s * 1000), KNOWN_S])
        except CacheError:
            return

    def _keys(self, login: str, ip_address: str) -> list[str]:
        """Per address, from strangers, known. The braces keep a login's keys in one slot of a cluster."""
        who = self._digest(login)
        where = self._digest(login + " " + address_prefix(ip_address))
        return [f"sign-in:{{{who}}}:{where}", f"sign-in:{{{who}}}", f"sign-in:{{{who}}}:{where}:known"]

    def _digest(self, text: str) -> str:
        return hmac.digest(self._key, text.encode(), hashlib.sha256).hex()[:32]


class _LocalBuckets:
    """The same buckets in this process's memory, for as long as Valkey is away. Nobody is known here."""

    def __init__(self) -> None:
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def take(self, buckets: list[tuple[str, Bucket]]) -> float:
        """Seconds to wait; 0 when admitted."""
        now = time.monotonic()
        full_at = {key: max(self._full_at.get(key, now), now) for key, _ in buckets}
        wait_s = max(full_at[key] - now - (bucket.burst - 1) * bucket.interval_s for key, bucket in buckets)
        if wait_s > 0:
            return wait_s
        for key, bucket in buckets:
            self._full_at[key] = full_at[key] + bucket.interval_s
            self._full_at.move_to_end(key)
        while len(self._full_at) > LOCAL_MAX:
            self._full_at.popitem(last=False)
        return 0.0

    def forgive(self, own: str, shared: str, bucket: Bucket) -> None:
        self._full_at.pop(own, None)
        if shared in self._full_at:
            self._full_at[shared] -= bucket.interval_s


def address_prefix(ip_address: str) -> str:
    """What one subscriber holds: an IPv4 address, the /64 of an IPv6 address; anything else stands for itself."""
    try:
        address = ipaddress.ip_address(ip_address)
    except ValueError:
        return ip_address
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.IPv6Network((int(address) >> 64 << 64, 64)))
    return ip_address
