"""`fan-out`: timeline entries per second from one event to all timelines, against raw pipelined ZADDs with trimming.

Authors of 100 to 1,000,000 followers, pushed whatever their number. The handler of the consumer runs in a process of
its own (`bench.fan_out_worker`); it reads the followers from PostgreSQL and writes into Valkey.
"""

from collections.abc import Sequence

import asyncpg
import msgspec
from msgspec import Struct

from bench import accounting, timelines
from bench.accounting import MIB
from bench.children import Process, end
from bench.errors import BenchError
from bench.fan_out_worker import Pushed
from bench.machine import Stage, Step, servers, start
from bench.report import Row
from bench.zadd import RawZadd
from rookery.kit.cache import Cache
from rookery.kit.ids import first_id_at, wall_clock_ms

TARGET = 0.7
REACH_FOLLOWERS, REACH_S = 100_000, 1.0
GROWTH_MIB = 32.0
CHECKED = 500  # timelines that are looked into after each event

# $1: the id before the first, $2: how many.
MAKE_USERS = """
INSERT INTO users.users (id, username, email, password_hash)
SELECT $1::bigint + n, 'fan_' || $1 % 97 || '_' || n, 'fan_' || $1 || '_' || n || '@example.org', ''
FROM generate_series(1, $2::int) n
"""
# $1: author, $2: the id before the first reader's, $3: how many follow.
MAKE_FOLLOWS = """
INSERT INTO users.follows (id, follower_id, followee_id)
SELECT $1::bigint + n, $2::bigint + n, $1 FROM generate_series(1, $3::int) n
"""


class Case(Struct, frozen=True):
    """An author with `followers`, one in `one_active_in` of them active, each with a timeline of `entries`."""

    followers: int
    one_active_in: int
    entries: int
    posts: int

    @property
    def active(self) -> int:
        return self.followers // self.one_active_in


CASES = (
    Case(followers=100, one_active_in=1, entries=800, posts=100),
    Case(followers=10_000, one_active_in=1, entries=800, posts=5),
    Case(followers=100_000, one_active_in=1, entries=200, posts=2),
    Case(followers=1_000_000, one_active_in=10, entries=200, posts=1),
)


class Size(Struct, frozen=True):
    cases: Sequence[Case] = CASES
    rounds: int = 3


USUAL = Size()


class Worker:
    """`bench.fan_out_worker`, one post at a time."""

    def __init__(self, process: Process) -> None:
        if process.stdin is None or process.stdout is None:
            raise BenchError("the worker has no pipes")
        self._into, self._out = process.stdin, process.stdout
        self._process = process
        self.pid = process.pid
        self.peak_mib = 0.0  # of its resident memory, after the last post

    async def push(self, author_id: int) -> Pushed:
        self._into.write(f"{author_id}\n".encode())
        line = await self._out.readline()
        if not line:
            raise BenchError("the fan-out worker ended; its last words stand above")
        pushed = msgspec.json.decode(line, type=Pushed)
        self.peak_mib = pushed.peak_bytes / MIB
        return pushed

    async def close(self) -> None:
        await end(self._process)


async def bench_fan_out(step: Step, size: Size = USUAL) -> list[Row]:
    async with servers(step) as stage:
        authors, first_reader = await _make_people(stage, size.cases)
        cache = Cache(stage.settings.cache_url)
        await cache.open()
        raw = RawZadd(cache, stage.settings.cache_url)
        try:
            rows, peaks_mib = [], []
            for author_id, case in zip(authors, size.cases, strict=True):
                some, peak_mib = await _measure(stage, cache, raw, author_id, first_reader, case, size.rounds)
                rows += some
                peaks_mib.append(peak_mib)
            return [*rows, _memory(size.cases, peaks_mib)]
        finally:
            raw.close()
            await cache.close()


async def _make_people(stage: Stage, cases: Sequence[Case]) -> tuple[list[int], int]:
    """Ids of an author for each case, and the id before that of the first reader."""
    readers = max(case.followers for case in cases)
    stage.step(f"making {readers:,} readers and {sum(case.followers for case in cases):,} follows")
    first_author = first_id_at(wall_clock_ms() - 600_000)
    first_reader = first_author + 1_000
    connection = await asyncpg.connect(stage.settings.database_url)
    try:
        await connection.execute(MAKE_USERS, first_author, len(cases), timeout=60)
        await connection.execute(MAKE_USERS, first_reader, readers, timeout=600)
        authors = [first_author + 1 + place for place in range(len(cases))]
        for author_id, case in zip(authors, cases, strict=True):
            await connection.execute(MAKE_FOLLOWS, author_id, first_reader, case.followers, timeout=600)
        await connection.execute("VACUUM ANALYZE users.follows", timeout=600)
        await connection.execute("VACUUM ANALYZE users.users", timeout=600)
    finally:
        await connection.close()
    return authors, first_reader


async def _measure(
    stage: Stage,
    cache: Cache,
    raw: RawZadd,
    author_id: int,
    first_reader: int,
    case: Case,
    rounds: int,
) -> tuple[list[Row], float]:
    """The rows of a case, and the worker's peak of resident memory in MiB."""
    stage.step(f"{case.followers:,} followers: making {case.active:,} timelines of {case.entries}")
    readers = range(first_reader + 1, first_reader + 1 + case.followers, case.one_active_in)
    await cache.execute("FLUSHALL")
    await timelines.build(cache, readers[:1], case.entries)
    await timelines.copy(cache, readers[0], readers)
    keys = [timelines.key(each) for each in readers]
    await raw.choose(keys)
    # A worker for each case: it learns who is active when it starts, and these timelines were not started one by one.
    worker = Worker(await start("bench.fan_out_worker", stage.environment, pipes=True))
    try:
        await worker.push(author_id)
        raw_s, pushed_s, cpu_s = 0.0, [], 0.0
        for number in range(rounds):
            stage.step(f"{case.followers:,} followers: round {number + 1} of {rounds}")
            raw_s += sum([await raw.write(keys) for _ in range(case.posts)])
            cpu_before = accounting.cpu_s([worker.pid, *stage.pids])
            pushed = [await worker.push(author_id) for _ in range(case.posts)]
            cpu_s += accounting.cpu_s([worker.pid, *stage.pids]) - cpu_before
            pushed_s += [each.seconds for each in pushed]
            await _check(cache, readers, pushed[-1])
    finally:
        await worker.close()
    return _rows(case, raw, raw_s, pushed_s, cpu_s), worker.peak_mib


async def _check(cache: Cache, readers: Sequence[int], pushed: Pushed) -> None:
    """Raises BenchError when a timeline has not got the entry."""
    some = readers[:: max(1, len(readers) // CHECKED)]
    missing = sum(newest != pushed.entry_ms for newest in await timelines.newest_ms(cache, some))
    if missing:
        raise BenchError(f"{missing} of {len(some)} timelines have not got the entry")


def _rows(case: Case, raw: RawZadd, raw_s: float, pushed_s: list[float], cpu_s: float) -> list[Row]:
    entries = case.active * len(pushed_s)
    ordered = sorted(pushed_s)
    rows = [
        Row(
            name=f"fan-out/{case.followers}",
            value=entries / sum(pushed_s),
            unit="entries/s",
            yardstick=entries / raw_s,
            ratio=raw_s / sum(pushed_s),
            target=TARGET,
            at_most=False,
            cpu_us=cpu_s * 1e6 / entries,
            p50_ms=ordered[len(ordered) // 2] * 1000,
            p99_ms=ordered[int(len(ordered) * 0.99)] * 1000,
            size=case.followers,
            note=f"{case.active / case.followers:.0%} of {case.followers:,} followers active, {case.entries} entries "
            f"in each timeline, one event at a time; raw: {raw.name}",
        )
    ]
    if case.followers == REACH_FOLLOWERS:
        rows.append(_reach(case, ordered))
    return rows


def _reach(case: Case, ordered: list[float]) -> Row:
    return Row(
        name="fan-out/reach",
        value=ordered[len(ordered) // 2],
        unit="s",
        target=REACH_S,
        judges_value=True,
        orientation=True,
        note=f"from the event to {case.active:,} active followers",
    )


def _memory(cases: Sequence[Case], peaks_mib: list[float]) -> Row:
    few, many = (f"{bound(case.followers for case in cases):,}" for bound in (min, max))
    return Row(
        name="fan-out/memory",
        value=peaks_mib[-1] - peaks_mib[0],
        unit="MiB",
        target=GROWTH_MIB,
        judges_value=True,
        note=f"the peak of resident memory of a worker whose events go to {many} followers ({peaks_mib[-1]:.0f} MiB), "
        f"above that of one whose events go to {few}",
    )
