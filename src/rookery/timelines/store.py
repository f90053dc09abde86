"""The cached home timeline of an active reader: one sorted set in Valkey.

    key      home:{<reader id>}
    score    minus the entry's creation time in Unix milliseconds (exact in a double until the year 10889)
    member   MAX_ID minus the entry's id, author or reposter id [, reposted post id], each 8 bytes big-endian: 16 bytes
             for a post, 24 for a repost, so that the set stays a listpack

Newest first, those of one millisecond too: a listpack is searched from its head, where nearly all new entries belong,
so that one costs a third less than at the end. Before the entries, by still lower scores, stand shorter members that
say what the set is:

    b        MARK plus a token. The set is being built; fan-out adds to it, nobody reads from it.
    v        MARK plus the `follows_version` that it was built for. For another version it counts as absent.
    e        MARK. The set reaches down to the reader's very first entry; without it older entries are in the database.

Only who reads creates a set, so a set is there exactly for active readers (it expires `timeline_active_s` after the
last visit) and fan-out adds to what is there. A build marks the set first and looks into the database afterwards: a
post committed before that look is found by it, a later one is fanned out into the marked set. Nothing falls between.

A set without `e` has a floor, its oldest entry. Fan-out may bring older ones: events are not in the order of ids, least
of all when a worker catches up. Those stay out, since what else there is below the floor is in the database only, and
a page across such a gap would miss it.
"""

import secrets
import struct
from collections.abc import AsyncIterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rookery.contracts.posts import TimelineEntry
from rookery.kit.cache import Argument, Cache, Call, Script
from rookery.kit.ids import MAX_ID, id_ms

PUSHED_AT_ONCE = 1_000  # timelines that one script call extends: some milliseconds, in which nobody else is served
TRIM_SLACK = 40  # trimming in strides costs less than one removal per insertion
READERS_KEPT = 10_000  # 5 KB each
MARK = -(1 << 51)  # below the score of every entry (-2^47), also with a token or a version added; exact in a double
TOKEN_BITS = 20
VERSION_BITS = 39
SAME_MS = 2  # read beyond the limit: entries above a cursor within its millisecond, usually the one that it names
STARTED = "timelines.started"  # channel: the id of a reader whose timeline now exists (`rookery.timelines.active`)
KEY_BEGINS = "home:{"
SCANNED = 1_000  # keys that one SCAN looks at, about a third of a millisecond

READ = Script("""
local key = KEYS[1]
local first = redis.call('ZRANGE', key, 0, 1)
local complete = first[1] == 'e'
if first[complete and 2 or 1] ~= 'v' then return false end
if ARGV[3] ~= '0' then redis.call('EXPIRE', key, ARGV[3]) end
local below
if ARGV[1] == '' then
    local marks = complete and 2 or 1
    below = redis.call('ZRANGE', key, marks, marks + ARGV[2] - 1)
else
    below = redis.call('ZRANGE', key, ARGV[1], '+inf', 'BYSCORE', 'LIMIT', 0, ARGV[2])
end
return {redis.call('ZSCORE', key, 'v'), complete and 1 or 0, below}
""")

START = Script("""
redis.call('DEL', KEYS[1])
redis.call('ZADD', KEYS[1], ARGV[1], 'b')
redis.call('EXPIRE', KEYS[1], 60)
redis.call('PUBLISH', ARGV[2], ARGV[3])
return 1
""")

# ZADD searches a listpack for each member: 800 one after the other took 3.3 ms. A set whose first member is too long
# for a listpack is none, and ZUNIONSTORE makes one of what it stores when that is small: 0.6 ms.
FINISH = Script("""
local key, made = KEYS[1], KEYS[2]
local token = redis.call('ZSCORE', key, 'b')
if not token or tonumber(token) ~= tonumber(ARGV[1]) then return 0 end
redis.call('ZREM', key, 'b')
redis.call('ZADD', made, 0, ARGV[3], unpack(ARGV, 4))
redis.call('ZREM', made, ARGV[3])
redis.call('ZUNIONSTORE', key, 2, key, made, 'AGGREGATE', 'MIN')
redis.call('DEL', made)
if ARGV[7] and ARGV[7] ~= 'e' then
    local floor = redis.call('ZRANK', key, ARGV[#ARGV])
    redis.call('ZREMRANGEBYRANK', key, floor + 1, -1)
end
redis.call('EXPIRE', key, ARGV[2])
return 1
""")
NO_LISTPACK = b"." * 65  # longer than zset-max-listpack-value

PUSH = Script("""
local score, member, cap, slack = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local pushed = 0
for _, key in ipairs(KEYS) do
    local size = redis.call('ZCARD', key)
    if size > 0 then
        local added = redis.call('ZADD', key, score, member)
        pushed = pushed + 1
        local lowest = added == 1 and redis.call('ZRANGE', key, -1, -1)[1] == member
        if lowest and redis.call('ZRANGE', key, 0, 0)[1] == 'v' then  -- below the floor
            redis.call('ZREM', key, member)
            pushed = pushed - 1
        elseif size + added > cap + slack then
            local first = redis.call('ZRANGE', key, 0, 0)[1]
            if first == 'e' then redis.call('ZREM', key, 'e') end
            if first ~= 'b' then redis.call('ZREMRANGEBYRANK', key, cap + 1, -1) end
        end
    end
end
return pushed
""")


Reply = Any  # of READ, a list: the version as bytes, whether the set is complete, members
Push = tuple[TimelineEntry, Sequence[int]]  # an entry and the ids of its readers

_POST = struct.Struct(">qq")
_REPOST = struct.Struct(">qqq")


def pack_entry(entry: TimelineEntry) -> bytes:
    if entry.post_id == entry.id:
        return _POST.pack(MAX_ID - entry.id, entry.user_id)
    return _REPOST.pack(MAX_ID - entry.id, entry.user_id, entry.post_id)


def unpack_entry(member: bytes) -> TimelineEntry:
    if len(member) == _POST.size:
        above, user_id = _POST.unpack(member)
        return TimelineEntry(MAX_ID - above, user_id, MAX_ID - above)
    above, user_id, post_id = _REPOST.unpack(member)
    return TimelineEntry(MAX_ID - above, user_id, post_id)


class Cached:
    """What was built for what a reader follows by a version."""

    __slots__ = ("_version",)

    def __init__(self, version: int) -> None:
        self._version = version

    def holds_for(self, follows_version: int) -> bool:
        """Whether it was built for what the reader follows by this version."""
        return self._version == _version_score(follows_version)


class CachedRange(Cached):
    """What the cache knows below a cursor: `entries` newest first; `complete` when nothing older exists."""

    __slots__ = ("complete", "entries")

    def __init__(self, entries: list[TimelineEntry], complete: bool, version: int = 0) -> None:
        super().__init__(version)
        self.entries = entries
        self.complete = complete


class CachedPosts(Cached):
    """(post id, author id) of posts, newest first."""

    __slots__ = ("posts",)

    def __init__(self, posts: list[tuple[int, int]], version: int) -> None:
        super().__init__(version)
        self.posts = posts


class TimelineStore:
    """Reads, builds and extends cached timelines. One round trip each, but `readers`; raises CacheUnavailable."""

    def __init__(self, cache: Cache, *, size: int, active_s: int) -> None:
        self._cache = cache
        self._size = size
        self._active_s = active_s
        # The first page that each reader got last, as Valkey gave it and unpacked: mostly the next is the same.
        self._kept: dict[int, tuple[int, Reply, CachedRange]] = {}

    async def read(self, reader_id: int, before: int, limit: int) -> CachedRange | None:
        """At most `limit` entries with an id below `before`, or None when the timeline is absent or being built.

        Fewer than `limit` without `complete` means that the cache ends there and the database goes on.
        """
        reply = await self._read(reader_id, before, limit)
        if reply is None:
            return None
        first_page = before == MAX_ID
        if first_page and (kept := self._kept.get(reader_id)) is not None and kept[:2] == (limit, reply):
            return kept[2]
        version, complete, members = reply
        entries = [unpack_entry(member) for member in members]
        if not first_page:
            entries = [entry for entry in entries if entry.id < before]
        ended = bool(complete) and len(members) < limit + SAME_MS
        found = CachedRange(entries[:limit], ended, int(version) - MARK)
        if first_page:
            self._keep(reader_id, limit, reply, found)
        return found

    def _keep(self, reader_id: int, limit: int, reply: Reply, found: CachedRange) -> None:
        self._kept[reader_id] = (limit, reply, found)
        if len(self._kept) > READERS_KEPT:
            del self._kept[next(iter(self._kept))]

    async def read_posts(self, reader_id: int, before: int, limit: int) -> CachedPosts | None:
        """As `read`, the posts alone, reposts left out. 700 entries take a fifth of what `read` does."""
        reply = await self._read(reader_id, before, limit)
        if reply is None:
            return None
        packed = b"".join([member for member in reply[2] if len(member) == _POST.size])
        above, user_ids = np.frombuffer(packed, dtype=">i8").reshape(-1, 2).T
        posts = list(zip((MAX_ID - above).tolist(), user_ids.tolist(), strict=True))
        if before != MAX_ID:
            posts = [post for post in posts if post[0] < before]
        return CachedPosts(posts, int(reply[0]) - MARK)

    async def _read(self, reader_id: int, before: int, limit: int) -> Reply | None:
        """The version, whether the set reaches down to the first entry, and at most `limit` + SAME_MS members.

        Below a cursor some may lie above it, in its millisecond.
        """
        first_page = before == MAX_ID
        top = "" if first_page else _score(before)
        active_s = self._active_s if first_page else 0
        reply: Reply | None = await self._cache.run(READ, [_key(reader_id)], [top, limit + SAME_MS, active_s])
        return reply

    async def start_build(self, reader_id: int) -> int:
        """Mark the timeline as being built; the token goes to `finish_build`. Before looking into the database."""
        token = secrets.randbits(TOKEN_BITS)
        await self._cache.run(START, [_key(reader_id)], [MARK + token, STARTED, reader_id])
        return token

    async def finish_build(
        self, reader_id: int, token: int, version: int, entries: Sequence[TimelineEntry], *, complete: bool
    ) -> bool:
        """Store what the database gave (at most 1,000 entries); False when a newer build has taken over."""
        pairs: list[Argument] = [MARK + _version_score(version), "v"]
        if complete:
            pairs += [MARK, "e"]
        for entry in entries:
            pairs += [_score(entry.id), pack_entry(entry)]
        keys = [_key(reader_id), f"{_key(reader_id)}:made"]
        return bool(await self._cache.run(FINISH, keys, [MARK + token, self._active_s, NO_LISTPACK, *pairs]))

    async def readers(self) -> AsyncIterator[NDArray[np.int64]]:
        """Ids of all readers that have a timeline (or had one a moment ago), some twice; a round trip each."""
        cursor = b"0"
        while True:
            cursor, keys = await self._cache.execute("SCAN", cursor, "MATCH", _key("*"), "COUNT", SCANNED)
            yield np.array([int(key[len(KEY_BEGINS) : -1]) for key in keys], dtype=np.int64)
            if cursor == b"0":
                return

    async def push(self, pushes: Sequence[Push]) -> int:
        """Add each entry to those timelines of its readers (at most PUSHED_AT_ONCE) that exist; returns how many."""
        calls: list[Call] = [
            (
                [_key(reader_id) for reader_id in reader_ids],
                [_score(entry.id), pack_entry(entry), self._size, TRIM_SLACK],
            )
            for entry, reader_ids in pushes
        ]
        return sum(await self._cache.run_each(PUSH, calls))


def _key(reader_id: int | str) -> str:
    return f"{KEY_BEGINS}{reader_id}}}"


def _score(entry_id: int) -> int:
    return -id_ms(entry_id)


def _version_score(version: int) -> int:
    return version & (1 << VERSION_BITS) - 1
