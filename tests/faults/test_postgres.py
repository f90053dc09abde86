"""PostgreSQL goes down under load, and comes back."""

import pytest

from tests.faults.load import loaded
from tests.faults.machine import Machine, kill
from tests.faults.truth import check_truth


@pytest.mark.parametrize("way", ["stopped", "killed"])
async def test_postgres_goes_and_comes_back(machine: Machine, way: str) -> None:
    """Meanwhile the API refuses with 503 instead of hanging; afterwards nothing is lost and nothing is there twice."""
    async with loaded(machine) as load:
        await (machine.postgres.stop() if way == "stopped" else kill(machine.postgres))
        await load.outage_seen()
        await machine.postgres.start()
        await load.progress()
    await check_truth(machine, load)
