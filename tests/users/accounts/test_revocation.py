"""A session that ends in one process has ended in all, whatever becomes of Valkey."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest

from rookery.embedded.valkey import Valkey
from rookery.gateway.wiring import Services
from rookery.kit.settings import Settings
from tests.own_servers import own_valkey
from tests.people import PASSWORD, Person, ok, sign_up
from tests.users.accounts.processes import Process, running

DEADLINE_S = 10.0


class Fleet:
    """Two processes on a Valkey of their own; Ana's requests go to either."""

    def __init__(self, valkey: Valkey, here: Process, there: Process) -> None:
        self.valkey = valkey
        self.here = here
        self.there = there


@pytest.fixture
async def fleet(settings: Settings, services: Services) -> AsyncIterator[Fleet]:
    async with (
        own_valkey() as valkey,
        running(settings, cache_url=valkey.url) as here,
        running(settings, cache_url=valkey.url) as there,
    ):
        yield Fleet(valkey, here, there)


async def status(process: Process, person: Person) -> int:
    async with process.client() as client:
        return (await client.get("/v1/users/me", headers={"Authorization": f"Bearer {person.token}"})).status_code


async def become(process: Process, person: Person, wanted: int) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while await status(process, person) != wanted:
            await asyncio.sleep(0.02)


async def connection_is(process: Process, connected: bool) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while process.services.resources.cache.connected is not connected:
            await asyncio.sleep(0.02)


async def sign_out(process: Process, person: Person) -> None:
    async with process.client() as client:
        headers = {"Authorization": f"Bearer {person.token}"}
        ok(await client.delete("/v1/sessions/current", headers=headers))


async def person_on(process: Process) -> Person:
    async with process.client() as client:
        return await sign_up(client, "ana")


async def test_heard_by_the_other_process(fleet: Fleet) -> None:
    ana = await person_on(fleet.here)
    assert await status(fleet.there, ana) == 200
    tokens = fleet.there.services.users.accounts.tokens
    assert tokens.verify_cached(ana.token) is not None
    await sign_out(fleet.here, ana)
    assert await status(fleet.here, ana) == 401
    await become(fleet.there, ana, 401)


async def test_without_valkey(fleet: Fleet) -> None:
    ana, ben = await person_on(fleet.here), await person_on(fleet.here)
    assert await status(fleet.there, ana) == await status(fleet.there, ben) == 200
    await fleet.valkey.stop()
    await connection_is(fleet.there, False)
    await connection_is(fleet.here, False)
    assert await status(fleet.there, ana) == 200
    await sign_out(fleet.here, ana)
    assert await status(fleet.here, ana) == 401
    await become(fleet.there, ana, 401)
    assert await status(fleet.there, ben) == 200


async def test_belief_without_valkey_is_short(fleet: Fleet) -> None:
    """The memory of a process that hears nothing ends within a second, in its own clock."""
    ana = await person_on(fleet.here)
    await fleet.valkey.stop()
    await connection_is(fleet.there, False)
    assert await status(fleet.there, ana) == 200
    tokens = fleet.there.services.users.accounts.tokens
    async with asyncio.timeout(DEADLINE_S):
        while tokens.verify_cached(ana.token) is not None:
            await asyncio.sleep(0.02)


async def test_during_a_gap_of_valkey(fleet: Fleet) -> None:
    """What was revoked while nothing could be heard holds after the connection is back."""
    ana = await person_on(fleet.here)
    assert await status(fleet.there, ana) == 200
    await fleet.valkey.stop()
    await connection_is(fleet.there, False)
    await sign_out(fleet.here, ana)
    await fleet.valkey.start()
    await connection_is(fleet.there, True)
    assert await status(fleet.there, ana) == 401


async def test_announced_when_only_this_process_had_lost_valkey(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    """Told as soon as the connection is back, since the other process never noticed anything."""
    ana = await person_on(fleet.here)
    assert await status(fleet.there, ana) == 200
    cache = fleet.here.services.resources.cache
    protocol = cache._protocol
    assert protocol is not None
    assert protocol.transport is not None
    with monkeypatch.context() as patch:
        patch.setattr(cache, "_url", urlsplit("redis://127.0.0.1:1"))
        protocol.transport.abort()
        await connection_is(fleet.here, False)
        await sign_out(fleet.here, ana)
        assert await status(fleet.there, ana) == 200
    await become(fleet.there, ana, 401)


async def test_refused_and_then_back(fleet: Fleet) -> None:
    """A new session of the same account is not taken for the one that ended."""
    ana = await person_on(fleet.here)
    await sign_out(fleet.here, ana)
    await become(fleet.there, ana, 401)
    async with fleet.there.client() as client:
        grant = ok(await client.post("/v1/sessions", json={"login": ana.username, "password": PASSWORD}))
        again = Person(client, grant, ana.email)
    assert await status(fleet.here, again) == await status(fleet.there, again) == 200
