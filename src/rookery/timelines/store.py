"""The cached home timeline of an active reader: one sorted set in Valkey.

    key      tl:{<reader id>}
    score    the entry's creation time in Unix milliseconds (exact in a double until the year 10889)
    member   entry id, author or reposter id [, reposted post id], each 8 bytes big-endian: 16 bytes for a post, 24 for
             a repost, so that members of one millisecond sort by id and the set stays a listpack

and two shorter members with low scores that say what the set is:

    b        score: a token. The set is being built; fan-out adds to it, nobody reads from it.
    v        score: the `follows_version` that it was built for. For another version it counts as absent.
    e        the set reaches down to the reader's very first entry; without it older entries are in the database.

Only who reads creates a set, so a set is there exactly for active readers (it expires `timeline_active_s` after the
last visit) and fan-out adds to what is there. A build marks the set first and looks into the database afterwards: a
post committed before that look is found by it, a later one is fanned out into the marked set. Nothing falls between.

A set without `e` has a floor, its oldest entry. Fan-out may bring older ones: events are not in the order of ids, least
of all when a worker catches up. Those stay out, since what else there is below the floor is in the database only, and
a page across such a gap would miss it.
"""

import secrets
import struct
from collections.abc import Sequence
from typing import Any

from rookery.contracts.posts import TimelineEntry
from rookery.kit.cache import Argument, Cache, Call, Script
from rookery.kit.ids import id_ms

TRIM_SLACK = 40  # trimming in strides costs less than one removal per insertion
READERS_KEPT = 10_000  # 5 KB each
TOKEN_BITS = 20  # token and version scores stay below every real score (2^39 ms is June 1987)
VERSION_BITS = 39

READ = Script("""
local key = KEYS[1]
local version
local low = redis.call('ZRANGE', key, 0, 2, 'WITHSCORES')
for i = 1, #low, 2 do
    if low[i] == 'b' then return false end
    if low[i] == 'v' then version = low[i + 1] end
end
if not version then return false end
if ARGV[3] ~= '0' then redis.call('EXPIRE', key, ARGV[3]) end
return {version, redis.call('ZRANGE', key, ARGV[1], '-inf', 'BYSCORE', 'REV', 'LIMIT', 0, ARGV[2])}
""")

START = Script("""
redis.call('DEL', KEYS[1])
redis.call('ZADD', KEYS[1], ARGV[1], 'b')
redis.call('EXPIRE', KEYS[1], 60)
return 1
""")

FINISH = Script("""
local key = KEYS[1]
local token = redis.call('ZSCORE', key, 'b')
if not token or tonumber(token) ~= tonumber(ARGV[1]) then return 0 end
redis.call('ZREM', key, 'b')
redis.call('ZADD', key, unpack(ARGV, 3))
if ARGV[6] and ARGV[6] ~= 'e' then
    local below = redis.call('ZRANK', key, ARGV[#ARGV])
    if below > 1 then redis.call('ZREMRANGEBYRANK', key, 1, below - 1) end
end
redis.call('EXPIRE', key, ARGV[2])
return 1
""")

PUSH = Script("""
local score, member, cap = ARGV[1], ARGV[2], tonumber(ARGV[3])
local slack = tonumber(ARGV[4])
local pushed = 0
for _, key in ipairs(KEYS) do
    local size = redis.call('ZCARD', key)
    if size > 0 then
        local added = redis.call('ZADD', key, score, member)
        pushed = pushed + 1
        local lowest = added == 1 and redis.call('ZRANGE', key, 1, 1)[1] == member
        if lowest and redis.call('ZRANGE', key, 0, 0)[1] == 'v' then  -- below the floor
            redis.call('ZREM', key, member)
            pushed = pushed - 1
        elseif size + added > cap + slack and not redis.call('ZSCORE', key, 'b') then
            local version = redis.call('ZSCORE', key, 'v')
            redis.call('ZREMRANGEBYRANK', key, 0, -cap - 1)
            if version then redis.call('ZADD', key, version, 'v') end
        end
    end
end
return pushed
""")


_POST = struct.Struct(">qq")
_REPOST = struct.Struct(">qqq")


def pack_entry(entry: TimelineEntry) -> bytes:
    if entry.post_id == entry.id:
        return _POST.pack(entry.id, entry.user_id)
    return _REPOST.pack(entry.id, entry.user_id, entry.post_id)


def unpack_entry(member: bytes) -> TimelineEntry:
    if len(member) == _POST.size:
        entry_id, user_id = _POST.unpack(member)
        return TimelineEntry(entry_id, user_id, entry_id)
    return TimelineEntry(*_REPOST.unpack(member))


class CachedRange:
    """What the cache knows below a cursor: `entries` newest first; `complete` when nothing older exists."""

    __slots__ = ("_version", "complete", "entries")

    def __init__(self, entries: list[TimelineEntry], complete: bool, version: int = 0) -> None:
        self.entries = entries
        self.complete = complete
        self._version = version

    def holds_for(self, follows_version: int) -> bool:
        """Whether it was built for what the reader follows by this version."""
        return self._version == _version_score(follows_version)


class TimelineStore:
    """Reads, builds and extends cached timelines. Every method is one round trip; raises CacheUnavailable."""

    def __init__(self, cache: Cache, *, size: int, active_s: int) -> None:
        self._cache = cache
        self._size = size
        self._active_s = active_s
        # The first page that each reader got last, as Valkey gave it and unpacked: mostly the next is the same.
        self._kept: dict[int, tuple[int, list[Any], CachedRange]] = {}

    async def read(self, reader_id: int, before: int, limit: int) -> CachedRange | None:
        """At most `limit` entries with an id below `before`, or None when the timeline is absent or being built.

        Fewer than `limit` without `complete` means that the cache ends there and the database goes on.
        """
        first_page = before == 2**63 - 1
        same_ms_room = 0 if first_page else 2
        top = "+inf" if first_page else id_ms(before)
        active_s = self._active_s if first_page else 0
        reply = await self._cache.run(READ, [_key(reader_id)], [top, limit + same_ms_room + 2, active_s])
        if reply is None:
            return None
        if first_page and (kept := self._kept.get(reader_id)) is not None and kept[:2] == (limit, reply):
            return kept[2]
        version, members = reply
        entries = [unpack_entry(member) for member in members if len(member) >= 16]
        if not first_page:
            entries = [entry for entry in entries if entry.id < before]
        found = CachedRange(entries[:limit], b"e" in members, int(version))
        if first_page:
            self._keep(reader_id, limit, reply, found)
        return found

    def _keep(self, reader_id: int, limit: int, reply: list[Any], found: CachedRange) -> None:
        self._kept[reader_id] = (limit, reply, found)
        if len(self._kept) > READERS_KEPT:
            del self._kept[next(iter(self._kept))]

    async def start_build(self, reader_id: int) -> int:
        """Mark the timeline as being built; the token goes to `finish_build`. Before looking into the database."""
        token = secrets.randbits(TOKEN_BITS)
        await self._cache.run(START, [_key(reader_id)], [token])
        return token

    async def finish_build(
        self, reader_id: int, token: int, version: int, entries: Sequence[TimelineEntry], *, complete: bool
    ) -> bool:
        """Store what the database gave (at most 1,000 entries); False when a newer build has taken over."""
        pairs: list[Argument] = [_version_score(version), "v"]
        if complete:
            pairs += [0, "e"]
        for entry in entries:
            pairs += [id_ms(entry.id), pack_entry(entry)]
        return bool(await self._cache.run(FINISH, [_key(reader_id)], [token, self._active_s, *pairs]))

    async def push(self, pushes: Sequence[tuple[TimelineEntry, Sequence[int]]]) -> int:
        """Add each entry to the timelines of its readers that are there (at most 1,000 each); returns to how many."""
        calls: list[Call] = [
            (
                [_key(reader_id) for reader_id in reader_ids],
                [id_ms(entry.id), pack_entry(entry), self._size, TRIM_SLACK],
            )
            for entry, reader_ids in pushes
        ]
        return sum(await self._cache.run_each(PUSH, calls))


def _key(reader_id: int) -> str:
    return f"tl:{{{reader_id}}}"


def _version_score(version: int) -> int:
    return version & (1 << VERSION_BITS) - 1
