"""The worker is killed in the middle of its work, and started again."""

import os
import signal

from tests.faults.crowd import Crowd, crowd_of
from tests.faults.load import loaded
from tests.faults.machine import Machine, kill
from tests.faults.positions import before_positions_move
from tests.faults.truth import check_truth, converged

ATTEMPTS = 20


async def test_the_worker_is_killed_in_the_middle_of_a_fan_out(machine: Machine) -> None:
    """Started again, it brings the post to everybody, once."""
    async with loaded(machine) as load, crowd_of(machine) as crowd:
        await kill_in_the_middle(machine, crowd)
        await load.progress()
        await machine.work.start()
        await converged(crowd.check)
    await check_truth(machine, load)


async def test_the_worker_is_killed_between_its_work_and_its_positions(machine: Machine) -> None:
    """Everything that every group has just done comes again, and is not done again."""
    async with loaded(machine) as load:
        async with machine.database() as connection:
            groups = await connection.fetchval("SELECT count(*) FROM bus.groups WHERE name <> 'relay'")
        async with before_positions_move(machine, groups):
            await kill(machine.work)
        await load.progress()
        await machine.work.start()
    await check_truth(machine, load)


async def kill_in_the_middle(machine: Machine, crowd: Crowd) -> None:
    """Post until the worker can be caught when some followers have the post and others have not; then kill it."""
    for _ in range(ATTEMPTS):
        await crowd.post()
        while not await crowd.begun():
            pass
        pid = machine.work.pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        if await crowd.ended():
            os.kill(pid, signal.SIGCONT)
            continue
        await kill(machine.work)
        if not await crowd.ended():
            return
        await machine.work.start()
    raise AssertionError("the fan-out was always quicker")
