"""Following and unfollowing public accounts."""

from collections.abc import Awaitable, Callable

import httpx
import msgspec
import pytest

from rookery.contracts.events import FollowCreated
from rookery.gateway.wiring import Services
from rookery.users.errors import UserNotFound
from tests.people import Person, ok
from tests.queries import recorded_queries
from tests.users.events import events_of, kinds_of

NOTHING = {
    "following": False,
    "followed_by": False,
    "requested": False,
    "blocking": False,
    "blocked_by": False,
    "muting": False,
}


async def test_follow_and_unfollow(services: Services, ana: Person, ben: Person) -> None:
    assert await ana.follow(ben) == {**NOTHING, "following": True}
    assert (await ben.get(f"/v1/users/{ana.id}"))["viewer"] == {**NOTHING, "followed_by": True}
    assert await ana.unfollow(ben) == NOTHING
    assert await kinds_of(services, ana) == ["FollowCreated", "FollowDeleted"]


async def test_repetition_changes_and_emits_nothing(services: Services, ana: Person, ben: Person) -> None:
    for _ in range(3):
        await ana.follow(ben)
    events = await events_of(services, ana)
    assert [type(event) for event in events] == [FollowCreated]
    assert isinstance(events[0], FollowCreated)
    assert (events[0].follower_id, events[0].followee_id, events[0].accepted) == (int(ana.id), int(ben.id), False)
    for _ in range(3):
        await ana.unfollow(ben)
    assert await kinds_of(services, ana) == ["FollowCreated", "FollowDeleted"]


async def test_both_directions_are_two_follows(ana: Person, ben: Person) -> None:
    await ana.follow(ben)
    assert await ben.follow(ana) == {**NOTHING, "following": True, "followed_by": True}
    assert await ben.unfollow(ana) == {**NOTHING, "followed_by": True}


@pytest.mark.parametrize("collection", ["following", "blocks", "mutes"])
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
async def test_oneself_is_refused(ana: Person, collection: str, method: str) -> None:
    response = await ana.request(method, f"/v1/users/me/{collection}/{ana.id}")
    assert (response.status_code, response.json()["code"]) == (409, "own_account")


@pytest.mark.parametrize("collection", ["following", "blocks", "mutes"])
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
async def test_nobody_is_not_found(services: Services, ana: Person, collection: str, method: str) -> None:
    response = await ana.request(method, f"/v1/users/me/{collection}/4242")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")
    assert await events_of(services, ana) == []


@pytest.mark.parametrize("collection", ["following", "blocks", "mutes", "follow-requests"])
@pytest.mark.parametrize("wrong", ["0", "-1", "9223372036854775808", "1e3", "%00", "%F0%9F%90%A6", "9" * 400])
async def test_what_is_no_id_is_refused(ana: Person, collection: str, wrong: str) -> None:
    response = await ana.request("PUT", f"/v1/users/me/{collection}/{wrong}")
    assert response.status_code in (400, 404)
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "following/{id}"),
        ("DELETE", "following/{id}"),
        ("DELETE", "followers/{id}"),
        ("GET", "follow-requests"),
        ("PUT", "follow-requests/{id}"),
        ("DELETE", "follow-requests/{id}"),
        ("GET", "blocks"),
        ("PUT", "blocks/{id}"),
        ("DELETE", "blocks/{id}"),
        ("GET", "mutes"),
        ("PUT", "mutes/{id}"),
        ("DELETE", "mutes/{id}"),
    ],
)
async def test_signed_out_is_refused(client: httpx.AsyncClient, ben: Person, method: str, path: str) -> None:
    response = await client.request(method, f"/v1/users/me/{path.format(id=ben.id)}")
    assert (response.status_code, response.json()["code"]) == (401, "unauthenticated")


async def test_the_limit_counts_follows_and_requests(
    services: Services, monkeypatch: pytest.MonkeyPatch, ana: Person, ben: Person, cem: Person, dee: Person
) -> None:
    with_limit(services, monkeypatch, 2)
    await cem.protect()
    await ana.follow(ben)
    assert (await ana.follow(cem))["requested"]
    refused = await ana.request("PUT", f"/v1/users/me/following/{dee.id}")
    assert (refused.status_code, refused.json()["code"]) == (409, "following_limit")
    assert (await ana.follow(cem))["requested"], "what is there already may be repeated"
    await cem.put(f"/v1/users/me/follow-requests/{ana.id}")
    await ana.unfollow(ben)
    assert (await ana.follow(dee))["following"]


async def test_remove_follower(services: Services, ana: Person, ben: Person, cem: Person) -> None:
    await ana.follow(ben)
    assert await cem.delete(f"/v1/users/me/followers/{ana.id}") is None
    assert (await ana.get(f"/v1/users/{ben.id}"))["viewer"]["following"], "only the followee removes a follower"
    for _ in range(2):
        assert await ben.delete(f"/v1/users/me/followers/{ana.id}") is None
    assert not (await ana.get(f"/v1/users/{ben.id}"))["viewer"]["following"]
    assert await kinds_of(services, ana) == ["FollowCreated", "FollowDeleted"]


async def test_counts_are_exact_after_replay(
    services: Services, settle: Callable[[], Awaitable[None]], ana: Person, ben: Person, cem: Person
) -> None:
    await ana.follow(ben)
    await cem.follow(ben)
    await cem.unfollow(ben)
    await ben.follow(ana)
    await settle()
    expected = await counts(ana), await counts(ben), await counts(cem)
    assert expected == ((1, 1), (1, 1), (0, 0))
    events = [event for person in (ana, ben, cem) for event in await events_of(services, person)]
    for subscription in services.subscriptions():
        if subscription.group.startswith("users."):
            await subscription.handle(events + events)
    assert (await counts(ana), await counts(ben), await counts(cem)) == expected


@pytest.mark.parametrize("protected", [False, True])
async def test_who_is_gone_cannot_act(services: Services, ana: Person, protected: bool) -> None:
    """A token may outlive its account by some minutes."""
    await ana.protect(protected)
    graph = services.users.graph
    for act in (graph.follow, graph.block, graph.mute):
        with pytest.raises(UserNotFound):
            await act(4242, int(ana.id))


async def test_follow_is_few_statements(services: Services, ana: Person, ben: Person) -> None:
    await ana.get("/v1/users/me")
    with recorded_queries(services.resources.database) as queries:
        await ana.follow(ben)
    assert len(queries) == 8, queries  # begin, two locks, state, follow, relation, event, commit


async def counts(person: Person) -> tuple[int, int]:
    user = ok(await person.client.get(f"/v1/users/{person.id}"))
    return user["followers_count"], user["following_count"]


def with_limit(services: Services, monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    """Let people follow `limit` accounts at most, during the test."""
    resources = services.resources
    monkeypatch.setattr(resources, "settings", msgspec.structs.replace(resources.settings, following_max=limit))
