"""Blocks and mutes."""

import pytest

from rookery.gateway.wiring import Services
from tests.people import Person
from tests.users.events import kinds_of


async def test_a_block_ends_follows_in_both_directions(services: Services, ana: Person, ben: Person) -> None:
    await ana.follow(ben)
    await ben.follow(ana)
    for _ in range(2):
        relation = await ana.block(ben)
        assert relation == {
            "following": False,
            "followed_by": False,
            "requested": False,
            "blocking": True,
            "blocked_by": False,
            "muting": False,
        }
    assert await kinds_of(services, ana) == ["FollowCreated", "FollowDeleted", "BlockCreated"]
    assert await kinds_of(services, ben) == ["FollowCreated", "FollowDeleted"]


async def test_a_block_ends_requests_in_both_directions(services: Services, ana: Person, ben: Person) -> None:
    await ana.protect()
    await ben.protect()
    await ana.follow(ben)
    await ben.follow(ana)
    await ana.block(ben)
    for person in (ana, ben):
        assert (await person.get("/v1/users/me/follow-requests"))["data"] == []
    assert (await kinds_of(services, ben))[-1] == "FollowRequestDeleted"
    response = await ana.request("PUT", f"/v1/users/me/follow-requests/{ben.id}")
    assert response.status_code == 404


@pytest.mark.parametrize("protected", [False, True])
async def test_a_block_prevents_following_either_way(ana: Person, ben: Person, protected: bool) -> None:
    await ana.protect(protected)
    await ben.protect(protected)
    await ana.block(ben)
    for follower, followee in ((ana, ben), (ben, ana)):
        response = await follower.request("PUT", f"/v1/users/me/following/{followee.id}")
        assert (response.status_code, response.json()["code"]) == (403, "blocked")


async def test_the_blocked_still_read_the_profile(ana: Person, ben: Person) -> None:
    await ana.block(ben)
    assert (await ben.get(f"/v1/users/{ana.id}"))["viewer"]["blocked_by"]
    assert (await ana.get(f"/v1/users/{ben.id}"))["viewer"]["blocking"]


async def test_unblock_gives_no_follow_back(services: Services, ana: Person, ben: Person) -> None:
    await ben.follow(ana)
    await ana.block(ben)
    for _ in range(2):
        relation = await ana.delete(f"/v1/users/me/blocks/{ben.id}")
        assert (relation["blocking"], relation["followed_by"]) == (False, False)
    assert await kinds_of(services, ana) == ["BlockCreated", "BlockDeleted"]
    assert (await ben.follow(ana))["following"]


async def test_one_block_remains_when_the_other_ends(ana: Person, ben: Person) -> None:
    await ana.block(ben)
    await ben.block(ana)
    relation = await ana.delete(f"/v1/users/me/blocks/{ben.id}")
    assert (relation["blocking"], relation["blocked_by"]) == (False, True)
    assert (await ana.request("PUT", f"/v1/users/me/following/{ben.id}")).status_code == 403


async def test_mute_and_unmute_are_known_to_nobody_else(services: Services, ana: Person, ben: Person) -> None:
    await ana.follow(ben)
    for _ in range(2):
        relation = await ana.mute(ben)
        assert (relation["muting"], relation["following"]) == (True, True)
    seen_by_ben = (await ben.get(f"/v1/users/{ana.id}"))["viewer"]
    assert not (seen_by_ben["muting"] or seen_by_ben["blocked_by"])
    for _ in range(2):
        assert not (await ana.delete(f"/v1/users/me/mutes/{ben.id}"))["muting"]
    assert await kinds_of(services, ana) == ["FollowCreated", "MuteCreated", "MuteDeleted"]
