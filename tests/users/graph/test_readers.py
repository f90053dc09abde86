"""The read model of readers: as of now, in every process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec

from rookery.contracts.users import SIGNED_OUT, Followers, Reader
from rookery.gateway.wiring import Services
from rookery.kit.settings import Settings
from tests.own_servers import own_valkey
from tests.people import Person
from tests.queries import recorded_queries


@asynccontextmanager
async def other_process(services: Services, settings: Settings) -> AsyncIterator[Services]:
    """What another process has: caches and connections of its own."""
    other = type(services)(settings)
    await other.open()
    try:
        yield other
    finally:
        await other.close()


async def reader_there(other: Services, person: Person) -> Reader:
    """As a request finds it, which has talked to Valkey on its way in."""
    await other.resources.cache.execute("PING")
    return await other.users.reader(int(person.id))


async def test_signed_out(services: Services) -> None:
    assert await services.users.reader(0) == SIGNED_OUT


async def test_all_four_sets(services: Services, ana: Person, ben: Person, cem: Person, dee: Person) -> None:
    await ana.follow(ben)
    await ana.mute(cem)
    await ana.block(dee)
    await cem.block(ana)
    reader = await services.users.reader(int(ana.id))
    assert reader.id == int(ana.id)
    assert reader.following == {int(ben.id)}
    assert reader.blocking == {int(dee.id)}
    assert reader.blocked_by == {int(cem.id)}
    assert reader.muting == {int(cem.id)}


async def test_kept_without_a_statement(services: Services, ana: Person) -> None:
    first = await services.users.reader(int(ana.id))
    with recorded_queries(services.resources.database) as queries:
        assert await services.users.reader(int(ana.id)) is first
    assert queries == []


async def test_a_change_holds_in_another_process_at_once(
    services: Services, settings: Settings, ana: Person, ben: Person
) -> None:
    async with other_process(services, settings) as other:
        for _ in range(20):
            assert int(ben.id) not in (await reader_there(other, ana)).following
            await ana.follow(ben)
            assert int(ben.id) in (await reader_there(other, ana)).following
            await ana.unfollow(ben)


async def test_a_block_holds_for_both_in_another_process(
    services: Services, settings: Settings, ana: Person, ben: Person
) -> None:
    await ben.follow(ana)
    async with other_process(services, settings) as other:
        await reader_there(other, ana)
        await reader_there(other, ben)
        await ana.block(ben)
        assert int(ben.id) in (await reader_there(other, ana)).blocking
        blocked = await reader_there(other, ben)
        assert int(ana.id) in blocked.blocked_by
        assert int(ana.id) not in blocked.following


async def test_every_other_end_of_a_follow_holds_too(
    services: Services, settings: Settings, ana: Person, ben: Person
) -> None:
    async with other_process(services, settings) as other:
        await ben.protect()
        await ana.follow(ben)
        assert int(ben.id) not in (await reader_there(other, ana)).following
        await ben.put(f"/v1/users/me/follow-requests/{ana.id}")
        assert int(ben.id) in (await reader_there(other, ana)).following
        await ben.delete(f"/v1/users/me/followers/{ana.id}")
        assert int(ben.id) not in (await reader_there(other, ana)).following
        await ana.mute(ben)
        assert int(ben.id) in (await reader_there(other, ana)).muting
        await ana.delete(f"/v1/users/me/mutes/{ben.id}")
        assert int(ben.id) not in (await reader_there(other, ana)).muting


async def test_it_holds_without_valkey(services: Services, settings: Settings, ana: Person, ben: Person) -> None:
    """Two processes of another Valkey, which goes away: caches are off, PostgreSQL answers."""
    async with own_valkey() as valkey:
        alone = msgspec.structs.replace(settings, cache_url=valkey.url)
        async with other_process(services, alone) as writer, other_process(services, alone) as reader:
            await reader.users.reader(int(ana.id))
            await valkey.stop()
            await writer.users.graph.follow(int(ana.id), int(ben.id))
            assert int(ben.id) in (await reader.users.reader(int(ana.id))).following
            await writer.users.graph.unfollow(int(ana.id), int(ben.id))
            assert int(ben.id) not in (await reader.users.reader(int(ana.id))).following


def packed(*people: Person) -> bytes:
    return b"".join(int(person.id).to_bytes(8, "big") for person in people)


async def test_followers_after(services: Services, ana: Person, ben: Person, cem: Person) -> None:
    await ben.follow(ana)
    await cem.follow(ana)
    everyone = await services.users.followers_after(int(ana.id), 0, 10)
    assert everyone.ids == packed(ben, cem)
    first = await services.users.followers_after(int(ana.id), 0, 1)
    assert first.ids == packed(ben)
    rest = await services.users.followers_after(int(ana.id), first.last, 10)
    assert (rest.ids, rest.last) == (packed(cem), everyone.last)
    assert await services.users.followers_after(int(ana.id), rest.last, 10) == Followers()


async def test_first_followers(services: Services, ana: Person, ben: Person, cem: Person) -> None:
    await ben.follow(ana)
    await cem.follow(ana)
    await ana.follow(ben)
    found = await services.users.first_followers([int(ana.id), int(ben.id), int(cem.id)], 1)
    assert {user_id: followers.ids for user_id, followers in found.items()} == {
        int(ana.id): packed(ben),
        int(ben.id): packed(ana),
        int(cem.id): b"",
    }
    assert await services.users.followers_after(int(ana.id), found[int(ana.id)].last, 10) == Followers(
        packed(cem), (await services.users.followers_after(int(ana.id), 0, 10)).last
    )


async def test_ids_by_username(services: Services, ana: Person, ben: Person) -> None:
    names = [ana.username.upper(), ben.username, "no_one_at_all", "not a name", "nul\x00", "é"]
    assert await services.users.ids_by_username(names) == {
        ana.username.lower(): int(ana.id),
        ben.username.lower(): int(ben.id),
    }
