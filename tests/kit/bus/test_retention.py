"""Parts of the log are made ahead and dropped once they are old and every group is past them."""

from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg
import pytest

from rookery.kit.bus import LogBus, append, forget_group, maintain
from rookery.kit.database import Connection
from tests.kit.bus.harness import collect, messages, numbers

NOW = timedelta(0)


@pytest.fixture
async def own(own_dsn: str) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(own_dsn)
    yield connection
    await connection.close()


@pytest.fixture
async def own_bus(own_dsn: str) -> AsyncIterator[LogBus]:
    bus = LogBus(own_dsn)
    yield bus
    await bus.close()


async def parts(own: Connection) -> list[str]:
    rows = await own.fetch("SELECT name FROM bus.parts ORDER BY lower")
    attached = await own.fetch(
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'bus.outbox'::regclass"
    )
    assert {f"bus.{row[0]}" for row in rows} | {"bus.outbox_default"} == {row[0] for row in attached}
    return [row[0] for row in rows]


async def turn_part(own: Connection) -> None:
    """End the part in use at the present, as time would: all bounds behind it move away with the parts."""
    for name in (await parts(own))[1:]:
        await own.execute(f"DROP TABLE bus.{name}")
        await own.execute("DELETE FROM bus.parts WHERE name = $1", name)
    name = (await parts(own))[0]
    async with own.transaction():
        upper = await own.fetchval("SELECT (pg_current_xact_id()::text::bigint + 1)::text::xid8")
        lower = await own.fetchval("SELECT lower FROM bus.parts WHERE name = $1", name)
        await own.execute(f"ALTER TABLE bus.outbox DETACH PARTITION bus.{name}")
        await own.execute(
            f"ALTER TABLE bus.outbox ATTACH PARTITION bus.{name} FOR VALUES FROM ('{lower}') TO ('{upper}')"
        )
        await own.execute("UPDATE bus.parts SET upper = $2 WHERE name = $1", name, upper)


async def test_only_what_all_groups_passed_is_dropped(own: Connection, own_bus: LogBus) -> None:
    await append(own, messages("topic", 50))
    fast = await own_bus.open("fast", ["topic"])
    slow = await own_bus.open("slow", ["topic"])
    await collect(fast, 50)
    await fast.close()
    await turn_part(own)
    first = (await parts(own))[0]
    assert first not in (await maintain(own, NOW)).dropped
    assert sorted(numbers(await collect(slow, 50))) == list(range(50))
    await slow.close()
    assert (await maintain(own, NOW)).dropped == []  # `fast` left before the part ended
    for group in ("fast", "slow"):
        await (await own_bus.open(group, ["topic"])).batch(1, 0)
    await own_bus.close()
    assert (await maintain(own, timedelta(days=1))).dropped == []
    assert (await maintain(own, NOW)).dropped == [first]
    assert first not in await parts(own)
    assert await own.fetchval("SELECT count(*) FROM bus.outbox") == 0
    await append(own, messages("topic", 5))
    again = await own_bus.open("fast", ["topic"])
    assert sorted(numbers(await collect(again, 5))) == list(range(5))


async def test_a_forgotten_group_holds_nothing_back(own: Connection, own_bus: LogBus) -> None:
    await append(own, messages("topic", 5))
    await own_bus.open("dead", ["topic"])
    await own_bus.close()
    await own.execute("UPDATE bus.positions SET xid = '0', position = 0")
    await turn_part(own)
    await own.execute("SELECT pg_current_xact_id()")
    assert (await maintain(own, NOW)).dropped == []
    await forget_group(own, "dead")
    assert len((await maintain(own, NOW)).dropped) == 1


async def test_two_parts_are_always_ahead(own: Connection) -> None:
    await maintain(own)
    assert len(await parts(own)) == 3
    assert (await maintain(own)).made == []
    await turn_part(own)
    assert len((await maintain(own)).made) >= 2


async def test_without_parts_nothing_fails_and_nothing_is_lost(own: Connection, own_bus: LogBus) -> None:
    """Nobody made parts: the default part takes the rows, readers see them, and new parts begin above them."""
    await append(own, messages("topic", 5))
    await turn_part(own)
    await append(own, messages("topic", 10)[5:])
    assert await own.fetchval("SELECT count(*) FROM bus.outbox_default") == 5
    assert len((await maintain(own)).made) >= 2
    await append(own, messages("topic", 15)[10:])
    assert await own.fetchval("SELECT count(*) FROM bus.outbox_default") == 5
    consumer = await own_bus.open("group", ["topic"])
    assert sorted(numbers(await collect(consumer, 15))) == list(range(15))
    await consumer.close()
    await (await own_bus.open("group", ["topic"])).close()
    await maintain(own, NOW)
    assert await own.fetchval("SELECT count(*) FROM bus.outbox_default") == 0


async def test_a_busy_table_is_left_for_the_next_run(own: Connection, own_dsn: str) -> None:
    """An open append holds the table: maintenance gives up quickly instead of making all writers queue behind it."""
    writer = await asyncpg.connect(own_dsn)
    async with writer.transaction():
        await append(writer, messages("topic", 1))
        assert (await maintain(own)).blocked
    assert not (await maintain(own)).blocked
    await writer.close()
