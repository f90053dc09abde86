"""One machine of processes for all fault tests, and whatever a test took down started again for the next.

`ROOKERY_TEST_APART=1` makes it one with a process for each service: the same tests, the other shape.
"""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.brokers import broker
from tests.faults.machine import Machine

__all__ = ["broker"]

pytest.register_assert_rewrite("tests.faults.load", "tests.faults.truth", "tests.faults.crowd")


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def whole_machine() -> AsyncIterator[Machine]:
    folder = Path(tempfile.mkdtemp(prefix="rookery-"))  # short, for the paths of sockets
    folder.chmod(0o755)
    machine = Machine(folder, apart=os.environ.get("ROOKERY_TEST_APART") == "1")
    try:
        await machine.start()
        yield machine
    finally:
        await machine.stop()
        shutil.rmtree(folder)


@pytest_asyncio.fixture(loop_scope="session")
async def machine(whole_machine: Machine) -> AsyncIterator[Machine]:
    """Everything runs; a test that failed in the middle of its fault leaves the next one a whole machine."""
    whole_machine.forget_errors()
    yield whole_machine
    for part in (whole_machine.postgres, whole_machine.valkey, whole_machine.serve, whole_machine.work):
        if part.pid is None:
            await part.start()
    await whole_machine.until_ready()
