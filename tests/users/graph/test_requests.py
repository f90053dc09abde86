"""Protected accounts: requests, and what becomes of them."""

from collections.abc import Awaitable, Callable

import pytest

from rookery.contracts.events import FollowCreated
from rookery.gateway.wiring import Services
from tests.people import Person
from tests.users.events import events_of, kinds_of


async def test_a_protected_account_is_asked(services: Services, ana: Person, ben: Person) -> None:
    await ben.protect()
    for _ in range(2):
        relation = await ana.follow(ben)
        assert (relation["requested"], relation["following"]) == (True, False)
    assert [user["id"] for user in (await ben.get("/v1/users/me/follow-requests"))["data"]] == [ana.id]
    assert await kinds_of(services, ana) == ["FollowRequested"]


async def test_accept(services: Services, ana: Person, ben: Person) -> None:
    await ben.protect()
    await ana.follow(ben)
    for _ in range(2):
        assert await ben.put(f"/v1/users/me/follow-requests/{ana.id}") is None
    relation = (await ana.get(f"/v1/users/{ben.id}"))["viewer"]
    assert (relation["requested"], relation["following"]) == (False, True)
    events = await events_of(services, ana)
    assert [type(event).__name__ for event in events] == ["FollowRequested", "FollowCreated"]
    assert isinstance(events[1], FollowCreated)
    assert events[1].accepted
    assert (await ben.get("/v1/users/me/follow-requests"))["data"] == []


async def test_only_a_request_can_be_accepted(ana: Person, ben: Person) -> None:
    response = await ben.request("PUT", f"/v1/users/me/follow-requests/{ana.id}")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


async def test_only_the_one_asked_accepts(ana: Person, ben: Person, cem: Person) -> None:
    await ben.protect()
    await ana.follow(ben)
    for stranger in (ana, cem):
        response = await stranger.request("PUT", f"/v1/users/me/follow-requests/{ana.id}")
        assert response.status_code == 404
    assert not (await ana.get(f"/v1/users/{ben.id}"))["viewer"]["following"]


async def test_refuse(services: Services, ana: Person, ben: Person) -> None:
    await ben.protect()
    await ana.follow(ben)
    for _ in range(2):
        assert await ben.delete(f"/v1/users/me/follow-requests/{ana.id}") is None
    assert not (await ana.get(f"/v1/users/{ben.id}"))["viewer"]["requested"]
    assert await kinds_of(services, ana) == ["FollowRequested", "FollowRequestDeleted"]


async def test_cancel(services: Services, ana: Person, ben: Person) -> None:
    await ben.protect()
    await ana.follow(ben)
    assert not (await ana.unfollow(ben))["requested"]
    assert (await ben.get("/v1/users/me/follow-requests"))["data"] == []
    assert await kinds_of(services, ana) == ["FollowRequested", "FollowRequestDeleted"]


async def test_opening_up_accepts_who_waits(services: Services, ana: Person, ben: Person, cem: Person) -> None:
    await ben.protect()
    await ana.follow(ben)
    await cem.follow(ben)
    await ben.protect(False)
    for person in (ana, cem):
        assert (await person.get(f"/v1/users/{ben.id}"))["viewer"]["following"]
        assert int(ben.id) in (await services.users.reader(int(person.id))).following
        assert await kinds_of(services, person) == ["FollowRequested", "FollowCreated"]


async def test_the_consumer_accepts_who_is_left(
    services: Services,
    settle: Callable[[], Awaitable[None]],
    monkeypatch: pytest.MonkeyPatch,
    ana: Person,
    ben: Person,
    cem: Person,
    dee: Person,
) -> None:
    for module in ("graph.follows", "profiles.service"):
        monkeypatch.setattr(f"rookery.users.{module}.ACCEPTED_AT_ONCE", 1)
    await ben.protect()
    for person in (ana, cem, dee):
        await person.follow(ben)
    await ben.protect(False)
    assert (await ana.get(f"/v1/users/{ben.id}"))["viewer"]["following"], "who asked first follows at once"
    await settle()
    for person in (ana, cem, dee):
        assert (await person.get(f"/v1/users/{ben.id}"))["viewer"]["following"]
        assert await kinds_of(services, person) == ["FollowRequested", "FollowCreated"]


async def test_turning_protected_keeps_followers(ana: Person, ben: Person) -> None:
    await ana.follow(ben)
    await ben.protect()
    assert (await ana.follow(ben))["following"]
