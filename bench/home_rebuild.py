"""`home-rebuild`: the first page of a reader whose cached timeline is gone, against the bare SQL for its entries.

The yardstick is the fastest of several statements (`newest.sql`), prepared, over one connection. Latency is judged:
both sides are asked one at a time, reader by reader in alternation. CPU comes from rounds of their own.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median, quantiles

import asyncpg
from asyncpg.prepared_stmt import PreparedStatement
from msgspec import Struct

from bench import accounting
from bench.client import Client
from bench.errors import BenchError
from bench.home_read import PATH
from bench.machine import Machine, Stage, processes
from bench.network import CROWD, Account, accounts, sign_in, visit
from bench.report import Row
from bench.timelines import forget
from rookery.kit.cache import Cache
from rookery.kit.ids import first_id_at, wall_clock_ms

TARGET, WANTED_MS, WANTED_FOLLOWING = 2.0, 50, 500
ENTRIES = 20
DAY_MS = 24 * 3600 * 1000
WINDOWS_DAYS = (0.5, 2, 8)


class Size(Struct, frozen=True):
    following: tuple[int, ...] = (50, 500, 5_000)
    readers: int = 100
    rounds: int = 3
    cpu_readers: int = 300  # rebuilds in a row whose CPU time is read from the accounts, which count in 10 ms


USUAL = Size()


class Rebuild(Struct, frozen=True):
    """What was measured: seconds of each page and of each bare query, CPU microseconds of one of them."""

    pages_s: list[float]
    bare_s: list[float]
    cpu_us: float
    bare_cpu_us: float
    bare_name: str


async def bench_home_rebuild(stage: Stage, size: Size = USUAL) -> list[Row]:
    rows = []
    async with processes(stage) as machine:
        for following in size.following:
            readers = (await accounts(stage.settings, CROWD, following))[: size.readers]
            stage.step(f"{len(readers)} readers who follow {following:,}")
            rows.append(_row(following, len(readers), await measure(stage, machine, readers, size)))
    return rows


async def measure(stage: Stage, machine: Machine, readers: list[Account], size: Size) -> Rebuild:
    """Rebuild the first page of each reader in turn, `size.rounds` times, alternating with the bare query."""
    cache, connection = Cache(stage.settings.cache_url), await asyncpg.connect(stage.settings.database_url)
    await cache.open()
    client = Client(machine.url)
    try:
        tokens = await sign_in(machine.url, readers)
        await visit(machine.url, PATH, tokens)
        bare = await Bare.fastest(connection, [reader.id for reader in readers[:10]])
        people = list(zip((reader.id for reader in readers), tokens, strict=True))

        async def page(reader_id: int, token: str) -> float:
            await forget(cache, [reader_id])
            return await _timed(asyncio.to_thread, client.get, PATH, token)

        pages_s, bare_s = [], []
        for reader_id, token in people * size.rounds:
            pages_s.append(await page(reader_id, token))
            bare_s.append(await _timed(bare.fetch, reader_id))
        times = -(-size.cpu_readers // len(people))
        cpu_us = await _cpu_us(machine.pids, [partial(page, *person) for person in people] * times)
        bare_cpu_us = await _cpu_us(stage.pids, [partial(bare.fetch, i) for i, _ in people] * times)
        return Rebuild(pages_s, bare_s, cpu_us, bare_cpu_us, bare.name)
    finally:
        client.close()
        await connection.close()
        await cache.close()


class Bare:
    """A prepared statement that finds the newest entries, with the bound that suits it best."""

    def __init__(self, name: str, statement: "PreparedStatement[asyncpg.Record]", since: int) -> None:
        self.name = name
        self._statement = statement
        self._since = since

    async def fetch(self, reader_id: int) -> list[int]:
        return [row[0] for row in await self._statement.fetch(reader_id, self._since)]

    @classmethod
    async def fastest(cls, connection: asyncpg.Connection, reader_ids: list[int]) -> "Bare":
        """Of all statements and bounds that find a whole page for each of these readers. Raises BenchError."""
        candidates: list[tuple[float, Bare]] = []
        for name, sql in _statements():
            statement = await connection.prepare(sql)
            for days in (*WINDOWS_DAYS, None):
                since = 0 if days is None else first_id_at(wall_clock_ms() - int(days * DAY_MS))
                bare = cls(f"{name}, {'without bound' if days is None else f'of {days:g} days'}", statement, since)
                pages = [await bare.fetch(reader_id) for reader_id in reader_ids]
                if all(len(page) == ENTRIES for page in pages):
                    candidates.append((median([await _timed(bare.fetch, each) for each in reader_ids]), bare))
        if not candidates:
            raise BenchError("the seeded readers have no whole page")
        return min(candidates, key=lambda candidate: candidate[0])[1]


def _statements() -> list[tuple[str, str]]:
    parts = Path(__file__).with_name("newest.sql").read_text().split("-- name: ")[1:]
    return [(name.strip(), sql) for name, _, sql in (part.partition("\n") for part in parts)]


async def _timed(function: Callable[..., Awaitable[object]], *arguments: object) -> float:
    started = time.perf_counter()
    await function(*arguments)
    return time.perf_counter() - started


async def _cpu_us(pids: list[int], operations: Sequence[Callable[[], Awaitable[object]]]) -> float:
    before = accounting.cpu_s(pids)
    for operation in operations:
        await operation()
    return (accounting.cpu_s(pids) - before) * 1e6 / len(operations)


def percentiles_ms(rebuild: Rebuild) -> tuple[float, float]:
    """The median and the 99th percentile of a page."""
    return median(rebuild.pages_s) * 1000, quantiles(rebuild.pages_s, n=100)[-1] * 1000


def _row(following: int, readers: int, rebuild: Rebuild) -> Row:
    (page_ms, p99_ms), bare_ms = percentiles_ms(rebuild), median(rebuild.bare_s) * 1000
    wanted = f", wanted for {following}: {WANTED_MS} ms" if following == WANTED_FOLLOWING else ""
    return Row(
        name=f"home-rebuild/{following}",
        value=page_ms,
        unit="ms",
        yardstick=bare_ms,
        ratio=page_ms / bare_ms,
        target=TARGET,
        cpu_us=rebuild.cpu_us,
        p50_ms=page_ms,
        p99_ms=p99_ms,
        size=following,
        note=f"{readers} readers one at a time{wanted}; bare: {rebuild.bare_name}, "
        f"{rebuild.bare_cpu_us:,.0f} µs of CPU",
    )
