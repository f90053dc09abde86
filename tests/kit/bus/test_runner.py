"""The runner against the real log: success, outages, poison, stopping, reconnecting."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from rookery.kit.bus import DeadLetterTable, LogBus, Message, Record, Runner, append, group_lag, retry_dead_letters
from rookery.kit.bus import runner as runner_module
from rookery.kit.cache import CacheReplyError
from rookery.kit.database import Connection, Database
from rookery.kit.problems import Unavailable
from tests.kit.bus.harness import Counts, eventually, fresh, messages, numbers

Handle = Callable[[list[Record]], Awaitable[None]]


class Bench:
    """Starts runners on one topic and stops them after the test."""

    def __init__(self, bus: LogBus, database: Database) -> None:
        self.topic, self.group = fresh("topic"), fresh("group")
        self.counts = Counts()
        self._bus, self._database = bus, database

    @asynccontextmanager
    async def running(self, handler: Handle) -> AsyncIterator[Runner]:
        dead_letters = DeadLetterTable(self._database)
        runner = Runner(self._bus, self.group, [self.topic], handler, dead_letters, metrics=self.counts)
        task = asyncio.create_task(runner.run())
        try:
            yield runner
        finally:
            await runner.stop()
            await task


@pytest.fixture
def bench(log_bus: LogBus, database: Database, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setattr(runner_module, "BACKOFF_MIN_S", 0.005)
    return Bench(log_bus, database)


async def test_everything_is_handled_and_committed(bench: Bench, connection: Connection) -> None:
    seen: list[Record] = []

    async def handle(records: list[Record]) -> None:
        seen.extend(records)

    await append(connection, messages(bench.topic, 1200))
    async with bench.running(handle):
        await eventually(lambda: bench.counts.done == 1200)
    assert sorted(numbers(seen)) == list(range(1200))
    assert await group_lag(connection, bench.group) == 0
    assert bench.counts.failures == []
    assert bench.counts.lags


@pytest.mark.parametrize(
    "error", [Unavailable("away"), ConnectionResetError(), TimeoutError(), CacheReplyError("LOADING data into memory")]
)
async def test_an_outage_is_sat_out(bench: Bench, connection: Connection, error: Exception) -> None:
    """The same records again until the dependency is back; nothing is committed or parked meanwhile."""
    calls: list[list[int]] = []
    back = asyncio.Event()

    async def handle(records: list[Record]) -> None:
        calls.append(numbers(records))
        if not back.is_set():
            raise error

    await append(connection, messages(bench.topic, 20, keys=1))
    async with bench.running(handle):
        await eventually(lambda: len(calls) >= 5)
        assert await group_lag(connection, bench.group) == 20
        back.set()
        await eventually(lambda: bench.counts.done == 20)
    assert all(call == list(range(20)) for call in calls)
    assert set(bench.counts.failures) == {"transient"}
    assert await dead(connection, bench) == {}


async def test_poison_is_isolated_and_the_rest_goes_on(bench: Bench, connection: Connection) -> None:
    """Two records of 200 fail always: those two are parked with their reason, all others are handled, in order."""
    handled: list[int] = []

    async def handle(records: list[Record]) -> None:
        if poison := {17, 130} & set(numbers(records)):
            raise ValueError(f"cannot digest {sorted(poison)} \0")
        handled.extend(numbers(records))

    await append(connection, messages(bench.topic, 200, keys=1))
    async with bench.running(handle):
        await eventually(lambda: bench.counts.done == 200)
    assert handled == [n for n in range(200) if n not in (17, 130)]
    parked = await dead(connection, bench)
    assert set(parked) == {17, 130}
    assert "ValueError: cannot digest [17]" in parked[17]
    assert await group_lag(connection, bench.group) == 0


async def test_parked_records_can_be_tried_again(bench: Bench, connection: Connection) -> None:
    mended = False
    handled: list[int] = []

    async def handle(records: list[Record]) -> None:
        if not mended and 3 in numbers(records):
            raise ValueError("a bug")
        handled.extend(numbers(records))

    await append(connection, messages(bench.topic, 6, keys=1))
    async with bench.running(handle):
        await eventually(lambda: bench.counts.done == 6)
        mended = True
        assert await retry_dead_letters(connection, bench.group) == 1
        await eventually(lambda: bench.counts.done == 7)
    assert handled == [0, 1, 2, 4, 5, 3]
    assert await dead(connection, bench) == {}
    assert await retry_dead_letters(connection, bench.group) == 0


async def test_a_failure_that_passes_is_not_poison(bench: Bench, connection: Connection) -> None:
    """Fails twice, then works: three attempts are made before a record is parked."""
    failures = 2

    async def handle(records: list[Record]) -> None:
        nonlocal failures
        if failures:
            failures -= 1
            raise ValueError("not yet")

    await append(connection, messages(bench.topic, 1))
    async with bench.running(handle):
        await eventually(lambda: bench.counts.done == 1)
    assert await dead(connection, bench) == {}


async def test_an_outage_during_the_search_for_poison_parks_nothing_else(bench: Bench, connection: Connection) -> None:
    calls = 0
    handled: set[int] = set()

    async def handle(records: list[Record]) -> None:
        nonlocal calls
        calls += 1
        if calls % 2:
            raise ConnectionResetError
        if 5 in numbers(records):
            raise ValueError("poison")
        handled.update(numbers(records))

    await append(connection, messages(bench.topic, 16, keys=1))
    async with bench.running(handle):
        await eventually(lambda: bench.counts.done == 16)
    assert handled == set(range(16)) - {5}
    assert set(await dead(connection, bench)) == {5}


async def test_a_record_waits_for_the_dead_letters(
    log_bus: LogBus, connection: Connection, bench: Bench, database: Database
) -> None:
    """A poison record is not dropped because its place is away."""
    attempts = 0

    class Away(DeadLetterTable):
        async def park(self, group: str, record: Record, error: Exception) -> None:
            nonlocal attempts
            attempts += 1
            if attempts < 4:
                raise Unavailable("away")
            await super().park(group, record, error)

    async def handle(records: list[Record]) -> None:
        raise ValueError("poison")

    await append(connection, messages(bench.topic, 1))
    runner = Runner(log_bus, bench.group, [bench.topic], handle, Away(database))
    task = asyncio.create_task(runner.run())

    async def parked() -> bool:
        return set(await dead(connection, bench)) == {0}

    await eventually(parked)
    await runner.stop()
    await task
    assert attempts == 4


async def test_it_stops_within_a_second_while_waiting(bench: Bench, connection: Connection) -> None:
    async def handle(records: list[Record]) -> None:
        return

    async with bench.running(handle) as runner:
        await append(connection, messages(bench.topic, 1))
        await eventually(lambda: bench.counts.done == 1)
        started = time.monotonic()
        await runner.stop()
        assert time.monotonic() - started < 1.5


async def test_it_stops_in_the_middle_of_a_batch_and_the_batch_comes_again(
    bench: Bench, connection: Connection
) -> None:
    entered = asyncio.Event()

    async def hang(records: list[Record]) -> None:
        entered.set()
        await asyncio.Event().wait()

    seen: list[int] = []

    async def handle(records: list[Record]) -> None:
        seen.extend(numbers(records))

    await append(connection, messages(bench.topic, 10))
    async with bench.running(hang) as runner:
        await entered.wait()
        started = time.monotonic()
        await runner.stop()
        assert time.monotonic() - started < 2.5
    async with bench.running(handle):
        await eventually(lambda: len(seen) == 10)


async def test_a_batch_in_hand_is_finished_and_committed_on_stop(bench: Bench, connection: Connection) -> None:
    entered = asyncio.Event()

    async def handle(records: list[Record]) -> None:
        entered.set()
        await asyncio.sleep(0.05)

    await append(connection, messages(bench.topic, 10))
    async with bench.running(handle) as runner:
        await entered.wait()
        await runner.stop()
    assert await group_lag(connection, bench.group) == 0


async def test_it_comes_back_after_losing_its_session(bench: Bench, connection: Connection) -> None:
    seen: set[int] = set()

    async def handle(records: list[Record]) -> None:
        seen.update(numbers(records))

    await append(connection, messages(bench.topic, 10))
    async with bench.running(handle):
        await eventually(lambda: len(seen) == 10)
        await connection.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE application_name = 'rookery-bus' AND datname = current_database()"
        )
        await append(connection, [Message(bench.topic, 1, b"10", {})])
        await eventually(lambda: 10 in seen)
    assert "bus" in bench.counts.failures


async def dead(connection: Connection, bench: Bench) -> dict[int, str]:
    rows = await connection.fetch("SELECT value, error FROM bus.dead_letters WHERE group_name = $1", bench.group)
    return {int(row["value"]): row["error"] for row in rows}
