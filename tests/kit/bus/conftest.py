"""A migrated database of the bus's own, and the two adapters behind one harness."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from rookery.kit.bus import LogBus, Waker
from rookery.kit.bus import log as log_module
from rookery.kit.bus.kafka import KafkaBus, KafkaPublisher
from rookery.kit.database import Connection, Database
from rookery.kit.migrate import MIGRATIONS, migrate
from tests.brokers import Broker, broker, kafka_url
from tests.kit.bus.harness import (
    KAFKA_SESSION_TIMEOUT_S,
    LANES,
    Harness,
    KafkaHarness,
    Lane,
    LogHarness,
    fresh,
    open_lane,
)

__all__ = ["broker", "kafka_url"]


async def make_database(postgres_url: str, folder: Path) -> str:
    """A new database that holds nothing but the bus."""
    folder.mkdir(exist_ok=True)
    shutil.copy(MIGRATIONS / "0002_bus.sql", folder)
    name = fresh("bus").replace("-", "_")
    connection = await asyncpg.connect(postgres_url)
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    url = postgres_url.replace("/rookery?", f"/{name}?")
    await migrate(url, folder)
    return url


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def bus_dsn(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    return await make_database(postgres_url, tmp_path_factory.mktemp("migrations"))


@pytest.fixture
async def own_dsn(postgres_url: str, tmp_path: Path) -> str:
    """A database for one test alone."""
    return await make_database(postgres_url, tmp_path / "migrations")


@pytest.fixture
async def connection(bus_dsn: str) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(bus_dsn)
    yield connection
    await connection.close()


@pytest.fixture
async def database(bus_dsn: str) -> AsyncIterator[Database]:
    database = Database(bus_dsn, size=2)
    await database.open()
    yield database
    await database.close()


@pytest.fixture
async def waker(bus_dsn: str) -> AsyncIterator[Waker]:
    waker = Waker(bus_dsn)
    await waker.start()
    yield waker
    await waker.close()


@pytest.fixture(autouse=True)
def quick_rebalancing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Members look at each other often, to save the tests' time."""
    monkeypatch.setattr(log_module, "REBALANCE_EVERY_S", 0.1)


@pytest.fixture
async def log_bus(bus_dsn: str) -> AsyncIterator[LogBus]:
    bus = LogBus(bus_dsn)
    yield bus
    await bus.close()


@pytest.fixture
async def log_harness(bus_dsn: str, connection: Connection, waker: Waker) -> AsyncIterator[Harness]:
    bus = LogBus(bus_dsn)
    yield LogHarness(bus, bus_dsn, connection, waker)
    await bus.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def kafka_bus(kafka_url: str) -> AsyncIterator[KafkaBus]:
    bus = KafkaBus(kafka_url, session_timeout_s=KAFKA_SESSION_TIMEOUT_S)
    yield bus
    await bus.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def kafka_lanes(kafka_bus: KafkaBus) -> list[Lane]:
    """Each member is the second of its group: the broker counts generations from 0, and then nobody says good-bye."""
    first = await asyncio.gather(*(open_lane(kafka_bus) for _ in range(LANES)))
    await asyncio.gather(*(lane.consumer.close() for lane in first))
    return list(await asyncio.gather(*(open_lane(kafka_bus, lane.topic, lane.group) for lane in first)))


@pytest.fixture
async def kafka_harness(kafka_url: str, kafka_bus: KafkaBus, kafka_lanes: list[Lane]) -> AsyncIterator[Harness]:
    publisher = KafkaPublisher(kafka_url, [])
    yield KafkaHarness(kafka_bus, kafka_url, publisher, kafka_lanes)
    await publisher.close()


@pytest.fixture(params=["log", "kafka"])
def harness(request: pytest.FixtureRequest) -> Harness:
    found: Harness = request.getfixturevalue(f"{request.param}_harness")
    return found


@pytest.fixture
async def topic(harness: Harness) -> str:
    name = fresh("topic")
    await harness.make_topic(name)
    return name


@pytest.fixture
async def lane(harness: Harness) -> AsyncIterator[Lane]:
    lane = await harness.lane()
    yield lane
    await lane.consumer.close()


@pytest.fixture
def own_broker(tmp_path: Path) -> Iterator[Broker]:
    """A broker for one test alone, not started yet."""
    broker = Broker(tmp_path)
    yield broker
    broker.stop()
