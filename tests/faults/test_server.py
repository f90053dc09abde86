"""The web server ends while requests are under way, and comes back."""

import signal

import psutil
import pytest

from tests.faults.load import BROKEN, loaded
from tests.faults.machine import Machine, kill
from tests.faults.truth import check_truth


@pytest.mark.parametrize("way", ["stopped", "killed", "crashed"])
async def test_the_server_goes_and_comes_back(machine: Machine, way: str) -> None:
    """What was acknowledged is there once; what was not, and was sent again with its key, is there once too."""
    async with loaded(machine, server_goes_down=True) as load:
        await end(machine, way)
        await load.outage_seen(BROKEN)
        await machine.serve.start()
        await load.progress()
    await check_truth(machine, load)


async def end(machine: Machine, way: str) -> None:
    """Returns when the server has ended: stopped in order, killed, or aborted as by a fault in native code."""
    if way == "stopped":
        await machine.serve.stop()
    elif way == "killed":
        await kill(machine.serve)
    else:
        psutil.Process(machine.serve.pid).send_signal(signal.SIGABRT)
        assert await machine.serve.wait() != 0
