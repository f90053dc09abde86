"""Two people at once: whatever the order, no deadlock, and no follow beside a block."""

import asyncio
from typing import Any

import msgspec
import pytest

from rookery.gateway.wiring import Services
from tests.people import Person, ok
from tests.users.events import events_of, kinds_of

ROUNDS = 50


async def state(services: Services, ana: Person, ben: Person) -> dict[str, int]:
    """How many rows stand between two people, in either direction."""
    pair = [int(ana.id), int(ben.id)]
    async with services.resources.database.connection() as connection:
        row = await connection.fetchrow(
            """SELECT
            (SELECT count(*) FROM users.follows WHERE follower_id = ANY($1) AND followee_id = ANY($1)) AS follows,
            (SELECT count(*) FROM users.follow_requests
             WHERE follower_id = ANY($1) AND followee_id = ANY($1)) AS requests,
            (SELECT count(*) FROM users.blocks WHERE user_id = ANY($1) AND target_id = ANY($1)) AS blocks""",
            pair,
        )
    return dict(row)


async def answers(*calls: Any) -> list[int]:
    return sorted(response.status_code for response in await asyncio.gather(*calls))


async def test_two_people_block_each_other(services: Services, ana: Person, ben: Person) -> None:
    for _ in range(ROUNDS):
        await asyncio.gather(ana.follow(ben), ben.follow(ana))
        await asyncio.gather(ana.block(ben), ben.block(ana))
        assert await state(services, ana, ben) == {"follows": 0, "requests": 0, "blocks": 2}
        await asyncio.gather(ana.delete(f"/v1/users/me/blocks/{ben.id}"), ben.delete(f"/v1/users/me/blocks/{ana.id}"))
    for person in (ana, ben):
        kinds = await kinds_of(services, person)
        for kind in ("FollowCreated", "FollowDeleted", "BlockCreated", "BlockDeleted"):
            assert kinds.count(kind) == ROUNDS
        assert len(kinds) == 4 * ROUNDS


@pytest.mark.parametrize("protected", [False, True])
async def test_follow_unfollow_and_block_at_once(services: Services, ana: Person, ben: Person, protected: bool) -> None:
    await ben.protect(protected)
    for _ in range(ROUNDS):
        statuses = await answers(
            ana.request("PUT", f"/v1/users/me/following/{ben.id}"),
            ana.request("DELETE", f"/v1/users/me/following/{ben.id}"),
            ana.request("PUT", f"/v1/users/me/following/{ben.id}"),
            ben.request("PUT", f"/v1/users/me/blocks/{ana.id}"),
        )
        assert set(statuses) <= {200, 403}
        assert await state(services, ana, ben) == {"follows": 0, "requests": 0, "blocks": 1}
        await ben.delete(f"/v1/users/me/blocks/{ana.id}")
    kinds = await kinds_of(services, ana)
    assert kinds.count("FollowCreated") == kinds.count("FollowDeleted")
    assert kinds.count("FollowRequested") == kinds.count("FollowRequestDeleted")


async def test_opening_up_while_blocked_and_cancelled(
    services: Services, ana: Person, ben: Person, cem: Person
) -> None:
    """Ben opens up, which would accept both requests, while Ana blocks him and Cem takes his request back."""
    for _ in range(ROUNDS):
        await ben.protect()
        await ana.follow(ben)
        await cem.follow(ben)
        await asyncio.gather(ben.protect(False), ana.block(ben), cem.unfollow(ben))
        assert await state(services, ana, ben) == {"follows": 0, "requests": 0, "blocks": 1}
        assert await state(services, cem, ben) == {"follows": 0, "requests": 0, "blocks": 0}
        await ana.delete(f"/v1/users/me/blocks/{ben.id}")


async def test_asking_while_opening_up_leaves_no_request(services: Services, ana: Person, ben: Person) -> None:
    for _ in range(ROUNDS):
        await ben.protect()
        await asyncio.gather(ana.follow(ben), ben.protect(False))
        assert await state(services, ana, ben) == {"follows": 1, "requests": 0, "blocks": 0}
        await ana.unfollow(ben)


async def test_accept_while_blocking(services: Services, ana: Person, ben: Person) -> None:
    await ben.protect()
    for _ in range(ROUNDS):
        await ana.follow(ben)
        await asyncio.gather(
            ben.request("PUT", f"/v1/users/me/follow-requests/{ana.id}"), ben.block(ana), ana.block(ben)
        )
        assert await state(services, ana, ben) == {"follows": 0, "requests": 0, "blocks": 2}
        await ana.delete(f"/v1/users/me/blocks/{ben.id}")
        await ben.delete(f"/v1/users/me/blocks/{ana.id}")


async def test_repeated_follow_at_once_is_one(services: Services, ana: Person, ben: Person) -> None:
    for response in await asyncio.gather(*(ana.request("PUT", f"/v1/users/me/following/{ben.id}") for _ in range(10))):
        assert ok(response)["following"]
    assert len(await events_of(services, ana)) == 1


async def test_a_ring_of_follows_does_not_deadlock(
    services: Services, ana: Person, ben: Person, cem: Person, dee: Person
) -> None:
    ring = [(ana, ben), (ben, cem), (cem, dee), (dee, ana)]
    for _ in range(ROUNDS):
        await asyncio.gather(*(one.follow(other) for one, other in ring), *(other.protect() for _, other in ring))
        await asyncio.gather(*(one.unfollow(other) for one, other in ring), *(one.protect(False) for one, _ in ring))


async def test_the_limit_holds_at_once(
    services: Services, monkeypatch: pytest.MonkeyPatch, ana: Person, ben: Person, cem: Person, dee: Person
) -> None:
    resources = services.resources
    monkeypatch.setattr(resources, "settings", msgspec.structs.replace(resources.settings, following_max=2))
    calls = [ana.request("PUT", f"/v1/users/me/following/{other.id}") for other in (ben, cem, dee)]
    assert await answers(*calls) == [200, 200, 409]
