"""An application with link cards on, a database of its own, and a world on the loopback interface to link to."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import msgspec
import pytest
import pytest_asyncio

from rookery.gateway.app import wrap
from rookery.gateway.wiring import Services
from rookery.gateway.worker import Worker
from rookery.kit.settings import Settings
from rookery.media.cards.fetching import Fetcher
from rookery.media.cards.service import Cards
from tests.media.cards.world import Names, Site, site
from tests.own_database import own_database
from tests.people import Person, sign_up
from tests.settling import settled

HOSTS = ("rooks.example.org", "nests.example.org", "www.example.org")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def card_services(settings: Settings) -> AsyncIterator[Services]:
    async with own_database(settings.database_url) as url:
        own = msgspec.structs.replace(settings, database_url=url, link_cards=True, link_card_networks=["127.0.0.1/32"])
        services = Services(own)
        names = Names()
        names.names = {host: [["127.0.0.1"]] for host in HOSTS} | {"inside.example.org": [["127.0.0.2"]]}
        cards = services.media.link_cards
        cards.crawler.fetcher = cards.pictures.fetcher = Fetcher(own.public_url, own.link_card_networks, names)
        await services.open()
        yield services
        await services.close()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def card_worker(card_services: Services) -> AsyncIterator[Worker]:
    worker = Worker(card_services, paced=False)
    await worker.start()
    yield worker
    await worker.stop()


@pytest.fixture
def cards(card_services: Services) -> Cards:
    return card_services.media.link_cards


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def card_app(card_services: Services) -> Any:
    return wrap(card_services, lifespan=False)


@pytest.fixture
async def client(card_app: Any) -> AsyncIterator[httpx.AsyncClient]:
    """Overrides the client that all other people of a test speak through."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=card_app), base_url="http://rookery.test") as client:
        yield client


@pytest.fixture
async def ana(client: httpx.AsyncClient) -> Person:
    return await sign_up(client, "ana")


@pytest.fixture
async def handled(card_worker: Worker) -> Callable[[], Awaitable[None]]:
    """Wait until the consumers have handled all that is in the log now. The crawler may be at work still."""
    return lambda: settled(card_worker)


@pytest.fixture
async def server() -> AsyncIterator[Site]:
    async with site() as running:
        yield running
