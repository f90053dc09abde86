"""The web server ends while requests are under way, and comes back."""

import pytest

from tests.faults.load import BROKEN, loaded
from tests.faults.machine import Machine, kill
from tests.faults.truth import check_truth


@pytest.mark.parametrize("way", ["stopped", "killed"])
async def test_the_server_goes_and_comes_back(machine: Machine, way: str) -> None:
    """What was acknowledged is there once; what was not, and was sent again with its key, is there once too."""
    async with loaded(machine, server_goes_down=True) as load:
        await (machine.serve.stop() if way == "stopped" else kill(machine.serve))
        await load.outage_seen(BROKEN)
        await machine.serve.start()
        await load.progress()
    await check_truth(machine, load)
