"""What is old or too much goes, in batches, and takes its acts along."""

from collections.abc import Awaitable, Callable

import pytest

from rookery.gateway.wiring import Services
from rookery.notifications import upkeep
from rookery.notifications.upkeep import maintain
from tests.notifications.test_kinds import told
from tests.people import Person

Settle = Callable[[], Awaitable[None]]


async def acts_left(services: Services, person: Person) -> int:
    async with services.resources.database.connection() as connection:
        query = "SELECT count(*) FROM notifications.acts WHERE user_id = $1"
        return int(await connection.fetchval(query, int(person.id)))


async def make_old(services: Services, person: Person, days: int) -> None:
    """Shift all acts of a person into the past."""
    shift = (days * 24 * 3600 * 1000) << 16
    async with services.resources.database.connection() as connection:
        for table in ("notifications", "acts"):
            await connection.execute(
                f"UPDATE notifications.{table} SET id = id - $2 WHERE user_id = $1", int(person.id), shift
            )


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "GROUPS_AT_ONCE", 2)
    monkeypatch.setattr(upkeep, "ACTS_AT_ONCE", 3)
    monkeypatch.setattr(upkeep, "USERS_AT_ONCE", 5)


async def test_only_the_newest_groups_are_kept(ana: Person, ben: Person, services: Services, settle: Settle) -> None:
    posts = [await ben.post(f"{number} @{ana.username}") for number in range(7)]
    await settle()
    await maintain(services.resources, kept_groups=3)
    assert [row["post"]["id"] for row in await told(ana)] == [post["id"] for post in posts[:3:-1]]
    assert await acts_left(services, ana) == 3


async def test_what_is_old_goes(ana: Person, ben: Person, cem: Person, services: Services, settle: Settle) -> None:
    post = await ana.post("nice")
    for person in (ben, cem):
        await person.like(post)
        await person.follow(ana)
    await settle()
    await make_old(services, ana, 91)
    await ben.post(f"new @{ana.username}")
    await settle()
    await maintain(services.resources)
    assert [row["type"] for row in await told(ana)] == ["mention"]
    assert await acts_left(services, ana) == 1


async def test_the_acts_of_a_deleted_post_go(ana: Person, ben: Person, services: Services, settle: Settle) -> None:
    post = await ana.post("nice")
    await ben.like(post)
    await ana.delete(f"/v1/posts/{post['id']}")
    await settle()
    await maintain(services.resources)
    assert await acts_left(services, ana) == 0


async def test_undoing_what_was_pruned_is_harmless(
    ana: Person, ben: Person, cem: Person, services: Services, settle: Settle
) -> None:
    post = await ana.post("nice")
    await ben.like(post)
    await settle()
    await make_old(services, ana, 91)
    await maintain(services.resources)
    await ben.delete(f"/v1/posts/{post['id']}/like")
    await cem.like(post)
    await settle()
    assert [(row["type"], row["count"]) for row in await told(ana)] == [("like", 1)]
