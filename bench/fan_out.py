"""`fan-out`: timeline entries per second from one post to all timelines, against raw pipelined ZADDs."""

import os
import time

import asyncpg
import psutil

from bench.machine import cpu_s_of
from bench.report import Row
from rookery.contracts.posts import TimelineEntry
from rookery.gateway.wiring import Services
from rookery.kit.cache import Cache
from rookery.kit.ids import first_id_at, id_ms, wall_clock_ms
from rookery.kit.settings import Settings
from rookery.timelines.store import TimelineStore, pack_entry

FOLLOWERS, ENTRIES, POSTS, ROUNDS, PIPELINE = 10_000, 200, 10, 3, 1_000
TARGET = 0.4

# One author and FOLLOWERS followers, all of them active.
MAKE_FOLLOWERS = """
INSERT INTO users.users (id, username, email, password_hash)
SELECT $1::bigint + n, 'fan_' || n, 'fan_' || n || '@example.org', '' FROM generate_series(0, $2::int) n
"""
MAKE_FOLLOWS = """
INSERT INTO users.follows (id, follower_id, followee_id) SELECT $1::bigint + n, $1 + n, $1 FROM generate_series(1, $2) n
"""


async def bench_fan_out(settings: Settings, pids: list[int]) -> list[Row]:
    services = Services(settings)
    await services.open()
    try:
        author_id = await _make_author(settings)
        await _make_timelines(services, author_id)
        zadd_s = push_s = cpu_s = 0.0
        for _ in range(ROUNDS):
            zadd_s += await _raw(services.resources.cache, author_id)
            before = time.process_time() + _cpu_s(pids)
            push_s += await _fan_out(services, author_id)
            cpu_s += time.process_time() + _cpu_s(pids) - before
    finally:
        await services.close()
    entries = FOLLOWERS * POSTS * ROUNDS
    return [
        Row(
            name="fan-out",
            value=entries / push_s,
            unit="entries/s",
            yardstick=entries / zadd_s,
            ratio=zadd_s / push_s,
            target=TARGET,
            at_most=False,
            cpu_us=cpu_s * 1e6 / entries,
            note=f"one author with {FOLLOWERS:,} followers, all of them active, {ENTRIES} entries in each timeline",
        )
    ]


async def _make_author(settings: Settings) -> int:
    author_id = first_id_at(wall_clock_ms() - 60_000)
    connection = await asyncpg.connect(settings.database_url)
    try:
        await connection.execute(MAKE_FOLLOWERS, author_id, FOLLOWERS)
        await connection.execute(MAKE_FOLLOWS, author_id, FOLLOWERS)
        await connection.execute("ANALYZE users.follows")
    finally:
        await connection.close()
    return author_id


async def _make_timelines(services: Services, author_id: int) -> None:
    store = TimelineStore(services.resources.cache, size=800, active_s=3600)
    old = first_id_at(wall_clock_ms() - 50_000)
    entries = [TimelineEntry(old + (n << 16), author_id, old + (n << 16)) for n in range(ENTRIES)]
    for n in range(1, FOLLOWERS + 1):
        token = await store.start_build(author_id + n)
        await store.finish_build(author_id + n, token, 1, entries, complete=False)


async def _raw(cache: Cache, author_id: int) -> float:
    """Seconds for as many entries by pipelined ZADD, PIPELINE commands at a time, into the same sets."""
    started = time.perf_counter()
    for _ in range(POSTS):
        entry = _new_entry(author_id)
        score, member = id_ms(entry.id), pack_entry(entry)
        for first in range(1, FOLLOWERS + 1, PIPELINE):
            keys = (f"tl:{{{author_id + n}}}" for n in range(first, first + PIPELINE))
            await cache.pipeline([("ZADD", key, score, member) for key in keys])
    return time.perf_counter() - started


async def _fan_out(services: Services, author_id: int) -> float:
    """Seconds for POSTS events, as the consumer handles them: followers from PostgreSQL, timelines in Valkey."""
    started = time.perf_counter()
    for _ in range(POSTS):
        pushed = await services.timelines.fan_out.push([_new_entry(author_id)])
        if pushed < FOLLOWERS:
            raise RuntimeError(f"only {pushed} of {FOLLOWERS} timelines were reached")
    return time.perf_counter() - started


def _new_entry(author_id: int) -> TimelineEntry:
    entry_id = first_id_at(wall_clock_ms()) + int.from_bytes(os.urandom(2), "big")
    return TimelineEntry(entry_id, author_id, entry_id)


def _cpu_s(pids: list[int]) -> float:
    return sum(cpu_s_of(psutil.Process(pid)) for pid in pids)
