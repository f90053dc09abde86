"""Consumers read from Kafka, fed by the relay; both are killed with the worker that they run in."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.brokers import Broker
from tests.faults.load import loaded
from tests.faults.machine import Machine, kill, until
from tests.faults.positions import before_positions_move
from tests.faults.truth import check_truth


@pytest_asyncio.fixture
async def relaying(machine: Machine, broker: Broker) -> AsyncIterator[Machine]:
    """The worker reads from Kafka, and back from the log afterwards: what it did meanwhile comes to it again then."""
    await restart_worker(machine, broker.url)
    yield machine
    await restart_worker(machine, "")


async def restart_worker(machine: Machine, bus_url: str) -> None:
    await machine.work.stop()
    machine.bus_url = bus_url
    await machine.work.start()


async def test_the_relay_is_killed_between_publishing_and_moving_its_position(relaying: Machine) -> None:
    """It publishes that batch again; consumers, killed with it, tell the repeats from what is new."""
    machine = relaying
    async with loaded(machine) as load:

        async def consumed() -> bool:
            """The first consumers have joined their groups and counted."""
            return bool((await load.reader.get(f"/v1/users/{load.authors[0].id}"))["posts_count"])

        await until(consumed)
        async with before_positions_move(machine, groups=1):
            await kill(machine.work)
        await load.progress()
        await machine.work.start()
    await check_truth(machine, load)
    await restart_worker(machine, "")
    await check_truth(machine, load)
