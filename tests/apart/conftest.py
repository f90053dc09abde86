"""Every service a process of its own, behind nginx, on servers of their own; what a test took down is started again."""

import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from rookery.gateway.wiring import Services
from rookery.kit.settings import Settings, load_settings
from tests.faults.machine import Machine
from tests.people import Person, sign_up

pytest.register_assert_rewrite("tests.faults.load", "tests.faults.truth")


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def whole_machine() -> AsyncIterator[Machine]:
    folder = Path(tempfile.mkdtemp(prefix="rookery-"))  # short, for the paths of sockets
    folder.chmod(0o755)
    machine = Machine(folder, apart=True)
    try:
        await machine.start()
        yield machine
    finally:
        await machine.stop()
        shutil.rmtree(folder)


@pytest_asyncio.fixture(loop_scope="session")
async def machine(whole_machine: Machine) -> AsyncIterator[Machine]:
    whole_machine.forget_errors()
    yield whole_machine
    for part in (whole_machine.postgres, whole_machine.valkey, whole_machine.serve, whole_machine.work):
        if part.pid is None:
            await part.start()
    await whole_machine.until_ready()


@pytest.fixture
def settings(machine: Machine) -> Settings:
    """What a further process of that machine is told, as the owner of the database."""
    return load_settings(machine.environment())


@pytest_asyncio.fixture(loop_scope="session")
async def caller(settings: Settings) -> AsyncIterator[Services]:
    """The timelines and the gateway in this process; everything else answers from elsewhere."""
    services = Services(settings, {"timelines", "gateway"})
    await services.open()
    yield services
    await services.close()


@pytest.fixture
async def client(machine: Machine) -> httpx.AsyncClient:
    return machine.client


@pytest.fixture
async def ana(client: httpx.AsyncClient) -> Person:
    return await sign_up(client, "ana")


@pytest.fixture
async def ben(client: httpx.AsyncClient) -> Person:
    return await sign_up(client, "ben")
