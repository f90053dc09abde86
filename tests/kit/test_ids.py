"""Ids: order, uniqueness, clocks that misbehave; node numbers: nobody shares one."""

from collections.abc import Iterator
from itertools import pairwise

import pytest

from rookery.gateway.wiring import Services
from rookery.kit.database import Database
from rookery.kit.ids import (
    MAX_ID,
    ClockStepBackError,
    IdGenerator,
    first_id_at,
    format_id_time,
    id_ms,
    id_time,
    parse_id,
)
from rookery.kit.nodes import LeasedIds
from rookery.kit.problems import Unavailable


def clock(*times_ms: int) -> Iterator[int]:
    """The given readings, then the last for ever."""
    yield from times_ms
    while True:
        yield times_ms[-1]


def test_ids_ascend_and_are_unique_also_within_a_millisecond() -> None:
    generator = IdGenerator(7)
    ids = [generator.next() for _ in range(2_000)]
    assert all(earlier < later for earlier, later in pairwise(ids))
    assert {each >> 8 & 0xFF for each in ids} == {7}


def test_a_full_millisecond_waits_for_the_next() -> None:
    readings = clock(*[1_000] * 260, 1_001)
    generator = IdGenerator(0, lambda: next(readings))
    ids = [generator.next() for _ in range(257)]
    assert id_ms(ids[255]) == 1_000
    assert id_ms(ids[256]) == 1_001


def test_a_small_step_back_is_waited_out() -> None:
    readings = clock(1_000, 990, 995, 1_001)
    generator = IdGenerator(0, lambda: next(readings))
    first, second = generator.next(), generator.next()
    assert second > first


def test_a_large_step_back_is_refused() -> None:
    readings = clock(10_000, 1_000)
    generator = IdGenerator(0, lambda: next(readings))
    generator.next()
    with pytest.raises(ClockStepBackError):
        generator.next()


@pytest.mark.parametrize("node", [-1, 256])
def test_a_node_that_does_not_fit_is_refused(node: int) -> None:
    with pytest.raises(ValueError, match="node"):
        IdGenerator(node)


def test_an_id_carries_its_time() -> None:
    value = first_id_at(1_790_000_000_123) + 5
    assert format_id_time(value) == "2026-09-21T14:13:20.123Z"
    assert id_time(value).timestamp() == pytest.approx(1_790_000_000.123)


async def test_the_database_reads_the_same_time(services: Services) -> None:
    value = services.resources.ids.next()
    async with services.resources.database.connection() as connection:
        assert await connection.fetchval("SELECT kit.id_time($1)", value) == id_time(value)
        assert await connection.fetchval("SELECT kit.first_id_at($1)", id_time(value)) == value >> 16 << 16


async def test_two_holders_never_share_a_node(services: Services) -> None:
    leases = [LeasedIds(services.resources.database) for _ in range(10)]
    try:
        for lease in leases:
            await lease.open()
        nodes = [lease.next() >> 8 & 0xFF for lease in [*leases, services.resources.ids]]
        assert len(set(nodes)) == len(nodes)
        assert all(node < 248 for node in nodes)  # the rest is kept for bulk loads
    finally:
        for lease in leases:
            await lease.close()


async def test_without_a_lease_no_id_is_made(services: Services) -> None:
    lease = LeasedIds(services.resources.database)
    with pytest.raises(Unavailable):
        lease.next()


async def test_a_lease_that_somebody_else_took_over_is_given_up(services: Services) -> None:
    database: Database = services.resources.database
    lease = LeasedIds(database)
    await lease.open()
    try:
        node = lease.next() >> 8 & 0xFF
        async with database.connection() as connection:  # as if we had been away for longer than the lease
            await connection.execute(
                "UPDATE kit.nodes SET holder = gen_random_uuid(), expires_at = now() + interval '1 minute'"
                " WHERE node = $1",
                node,
            )
        await lease._renew()
        assert lease.next() >> 8 & 0xFF != node
    finally:
        await lease.close()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1),
        ("0042", 42),
        (str(MAX_ID), MAX_ID),
        (str(MAX_ID + 1), None),
        ("9" * 5000, None),
        *((text, None) for text in ("", "0", "-1", "+1", "1_0", " 1", "1\n", "1.0", "1e3", "0x1", "١", "１", "²")),
    ],
)
def test_parse_id(text: str, number: int | None) -> None:
    assert parse_id(text) == number
