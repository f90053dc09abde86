"""The life of signing keys. A database of their own; time passes by moving `signs_from` into the past."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import msgspec
import pytest
import pytest_asyncio

from rookery.kit.resources import Resources
from rookery.kit.sealing import SealError, derive_key, seal, unseal
from rookery.kit.settings import Settings
from rookery.kit.signing_keys import PUBLISH_AHEAD, ROTATE_AFTER, SigningKeys, rotate_signing_keys
from tests.own_database import own_database


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def all_resources(settings: Settings) -> AsyncIterator[Resources]:
    async with own_database(settings.database_url) as url:
        resources = Resources(msgspec.structs.replace(settings, database_url=url))
        await resources.open()
        yield resources
        await resources.close()


@pytest.fixture
async def resources(all_resources: Resources) -> Resources:
    """With no key at all."""
    async with all_resources.database.connection() as connection:
        await connection.execute("DELETE FROM users.signing_keys")
    return all_resources


def keys_of(resources: Resources) -> SigningKeys:
    """The keys as a process knows them that starts now."""
    return SigningKeys(resources.database, resources.settings)


async def kids(resources: Resources) -> list[str]:
    return [key.kid for key in await keys_of(resources).published()]


async def signer(resources: Resources) -> str:
    return (await keys_of(resources).signer()).kid


async def let_time_pass(resources: Resources, duration: timedelta) -> None:
    async with resources.database.connection() as connection:
        await connection.execute("UPDATE users.signing_keys SET signs_from = signs_from - $1::interval", duration)


async def test_first_key_signs_at_once(resources: Resources) -> None:
    assert await kids(resources) == []
    first = await signer(resources)
    assert await kids(resources) == [first]
    assert await signer(resources) == first
    assert await rotate_signing_keys(resources) is None


async def test_rotation_without_downtime(resources: Resources) -> None:
    """Published before it signs; verified after it has signed; then gone."""
    old = await signer(resources)
    await let_time_pass(resources, ROTATE_AFTER)
    new = await rotate_signing_keys(resources)
    assert new is not None
    assert await rotate_signing_keys(resources) is None
    assert await signer(resources) == old
    assert await kids(resources) == [old, new]

    await let_time_pass(resources, PUBLISH_AHEAD)
    assert await signer(resources) == new
    lifetime = timedelta(seconds=resources.settings.access_token_ttl_s)
    await let_time_pass(resources, lifetime)
    await rotate_signing_keys(resources)
    assert await kids(resources) == [old, new]

    await let_time_pass(resources, lifetime + timedelta(minutes=10))
    await rotate_signing_keys(resources)
    assert await kids(resources) == [new]
    assert await signer(resources) == new


async def test_by_hand(resources: Resources) -> None:
    old = await signer(resources)
    new = await rotate_signing_keys(resources, force=True)
    assert await signer(resources) == old
    assert await kids(resources) == [old, new]
    assert await rotate_signing_keys(resources, force=True) is None


async def test_leaked_key_is_void_at_once(resources: Resources) -> None:
    await signer(resources)
    await rotate_signing_keys(resources, force=True)
    new = await rotate_signing_keys(resources, at_once=True)
    assert await kids(resources) == [new]
    assert await signer(resources) == new


async def test_unknown_kid_is_looked_up(resources: Resources) -> None:
    running = keys_of(resources)
    await running.signer()
    new = await rotate_signing_keys(resources, force=True)
    assert new is not None
    running._loaded_at -= 2  # the second within which it would not ask again
    assert await running.verifier(new) is not None


async def test_unknown_kids_do_not_reach_the_database_each_time(resources: Resources) -> None:
    running = keys_of(resources)
    await running.signer()
    loaded_at = running._loaded_at
    for number in range(20):
        assert await running.verifier(f"no such key {number}") is None
    assert running._loaded_at == loaded_at


async def test_two_processes_make_one_first_key(resources: Resources) -> None:
    processes = [keys_of(resources) for _ in range(4)]
    signers = await asyncio.gather(*(process.signer() for process in processes))
    assert len({key.kid for key in signers}) == 1


async def test_sealed_in_the_database(resources: Resources) -> None:
    key = await keys_of(resources).signer()
    async with resources.database.connection() as connection:
        sealed = await connection.fetchval("SELECT sealed FROM users.signing_keys")
    assert key.private.private_bytes_raw() not in sealed


async def test_keys_of_another_secret_are_not_used(resources: Resources) -> None:
    """Neither do foreign rows sign or verify, nor do they stop this process from making its own."""
    foreign = await signer(resources)
    other = msgspec.structs.replace(resources.settings, secret_key="another secret key of 32 letters")
    running = SigningKeys(resources.database, other)
    assert await running.verifier(foreign) is None
    assert (await running.signer()).kid != foreign


async def test_a_row_cannot_take_another_rows_name(resources: Resources) -> None:
    await signer(resources)
    async with resources.database.connection() as connection:
        await connection.execute("UPDATE users.signing_keys SET kid = 'stolen'")
    assert await kids(resources) == []


def test_seal() -> None:
    key = derive_key("secret", "a purpose")
    sealed = seal(key, b"plain", b"label")
    assert unseal(key, sealed, b"label") == b"plain"
    assert b"plain" not in sealed
    assert seal(key, b"plain", b"label") != sealed
    broken = [
        (derive_key("secret", "another"), sealed, b"label"),
        (derive_key("Secret", "a purpose"), sealed, b"label"),
        (key, sealed, b"other label"),
        (key, sealed[:-1] + bytes([sealed[-1] ^ 1]), b"label"),
        (key, b"", b"label"),
    ]
    for args in broken:
        with pytest.raises(SealError):
            unseal(*args)
