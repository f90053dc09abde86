"""The contracts hold the same whether a service is in the process or answers from another one."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import msgspec
import pytest
import pytest_asyncio

from rookery.contracts.posts import TimelineEntry
from rookery.contracts.users import SIGNED_OUT, Followers, Reader
from rookery.gateway.remote import RemoteUsers
from rookery.gateway.wiring import Apis, Services
from rookery.kit.settings import Settings
from rookery.users.service import Users
from tests.faults.machine import Machine, until
from tests.people import Person

Heard = Callable[[], Awaitable[Any]]


@pytest_asyncio.fixture(params=["direct", "http"], loop_scope="session")
async def near(request: pytest.FixtureRequest, settings: Settings) -> AsyncIterator[Services]:
    here = {"timelines", "gateway"} | (
        {"users", "media", "posts", "notifications"} if request.param == "direct" else set()
    )
    services = Services(settings, here)
    await services.open()
    assert isinstance(services.apis.users, Users if request.param == "direct" else RemoteUsers)
    yield services
    await services.close()


@pytest.fixture
def apis(near: Services) -> Apis:
    return near.apis


@pytest.fixture
def heard(near: Services) -> Heard:
    """A reply of Valkey over the connection that invalidations come by: every request waits for one."""
    return lambda: near.resources.cache.execute("PING")


def entry_of(post: dict[str, object], author: Person) -> TimelineEntry:
    post_id = int(str(post["id"]))
    return TimelineEntry(post_id, int(author.id), post_id)


async def test_a_reader_is_the_same(apis: Apis, ana: Person, ben: Person) -> None:
    await ana.follow(ben)
    reader = await apis.users.reader(int(ana.id))
    assert reader.following == reader.shown == {int(ben.id)}
    assert isinstance(reader, Reader) and isinstance(reader.following, frozenset)
    assert reader.follows_version != 0
    assert await apis.users.reader(0) == SIGNED_OUT


async def test_a_change_is_in_the_next_reader(apis: Apis, heard: Heard, ana: Person, ben: Person) -> None:
    """It was acknowledged by another process."""
    for _ in range(5):
        await ana.block(ben)
        await heard()
        assert (await apis.users.reader(int(ana.id))).blocking == {int(ben.id)}
        assert (await apis.users.reader(int(ben.id))).blocked_by == {int(ana.id)}
        await ana.delete(f"/v1/users/me/blocks/{ben.id}")
        await heard()
        assert (await apis.users.reader(int(ana.id))).blocking == frozenset()


async def test_accounts_and_their_followers(apis: Apis, ana: Person, ben: Person) -> None:
    await ben.follow(ana)
    authors = await apis.users.authors([int(ana.id), 4242])
    assert list(authors) == [int(ana.id)]
    assert authors[int(ana.id)].brief.username == ana.username
    assert await apis.users.ids_by_username([ana.username.upper(), "nobody_here"]) == {ana.username: int(ana.id)}
    followers = await apis.users.followers_after(int(ana.id), 0, 10)
    assert isinstance(followers, Followers) and len(followers) == 1
    assert followers.ids == int(ben.id).to_bytes(8) and followers.last > 0
    assert await apis.users.first_followers([int(ana.id)], 1) == {int(ana.id): followers}
    assert len(await apis.users.followers_after(int(ana.id), followers.last, 10)) == 0
    assert await apis.users.pulled_authors() == frozenset()
    keys = await apis.users.verifying_keys()
    assert keys and all(len(raw) == 32 for raw in keys.values())


async def test_posts_by_the_rules_of_the_reader(apis: Apis, heard: Heard, ana: Person, ben: Person) -> None:
    post = await ana.post("hello there")
    reader = await apis.users.reader(int(ben.id))
    entry = entry_of(post, ana)
    ((found, item),) = await apis.posts.items_json(reader, [entry])
    assert found == entry and isinstance(found, TimelineEntry)
    assert msgspec.json.decode(item)["content"] == "hello there"
    posts = await apis.posts.posts(reader, [entry.post_id, 4242])
    assert [post.content for post in posts.values()] == ["hello there"]
    assert list(posts) == [entry.post_id]

    await ana.block(ben)
    await heard()
    reader = await apis.users.reader(int(ben.id))
    assert await apis.posts.items_json(reader, [entry]) == []
    assert await apis.posts.posts(reader, [entry.post_id]) == {}


async def test_a_deleted_post_is_gone_wherever_it_was_kept(apis: Apis, heard: Heard, ana: Person, ben: Person) -> None:
    """Two instances of the posts service answer in turn; one of them has deleted it, and both are asked."""
    reader = await apis.users.reader(int(ben.id))
    for number in range(10):
        post = await ana.post(f"soon gone {number}")
        entry = entry_of(post, ana)
        for _ in range(2):
            assert len(await apis.posts.items_json(reader, [entry])) == 1
        assert (await ana.request("DELETE", f"/v1/posts/{post['id']}")).status_code == 204
        await heard()
        for _ in range(2):
            assert await apis.posts.items_json(reader, [entry]) == []


async def test_notifications_for_the_stream(apis: Apis, machine: Machine, ana: Person, ben: Person) -> None:
    await ben.follow(ana)

    async def told() -> bool:
        return bool((await ana.get("/v1/notifications"))["data"])

    await until(told)
    async with machine.database() as connection:
        group_id = await connection.fetchval(
            "SELECT group_id FROM notifications.notifications WHERE user_id = $1", int(ana.id)
        )
    bodies = await apis.notifications.live_json(int(ana.id), [group_id, 4242])
    assert list(bodies) == [group_id]
    assert msgspec.json.decode(bodies[group_id])["actors"][0]["id"] == ben.id


async def test_a_warm_reader_costs_no_call(caller: Services, ana: Person, ben: Person) -> None:
    await ana.follow(ben)
    await caller.resources.cache.execute("PING")
    first = await caller.apis.users.reader(int(ana.id))
    authors = await caller.apis.users.authors([int(ana.id)])
    await caller.peers.peers["users"].close()
    assert await caller.apis.users.reader(int(ana.id)) is first
    assert await caller.apis.users.authors([int(ana.id)]) == authors
