"""Whom to follow: true reasons, nobody who must not be there, dismissals that hold at once."""

import asyncio
import secrets
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from rookery.cli import main
from rookery.gateway.wiring import Services
from rookery.kit.ids import wall_clock_ms
from rookery.kit.settings import Settings
from rookery.search.suggestions.repository import DISMISSED_MAX
from rookery.search.suggestions.upkeep import KEPT_MS, look_up_popular, prune
from tests.own_database import own_database
from tests.people import Person, sign_up
from tests.queries import recorded_queries
from tests.search.trends.conftest import Settle

PATH = "/v1/users/me/suggestions"


def word() -> str:
    return "q" + "".join(secrets.choice("bcdfghklmnprstvz") for _ in range(9))


async def suggested(person: Person, limit: int = 50) -> dict[str, dict[str, Any]]:
    """The reasons, by the id of who is suggested, in order."""
    page = await person.get(PATH, limit=limit)
    assert page["next_cursor"] is None
    return {each["user"]["id"]: each["why"] for each in page["data"]}


@pytest.fixture
async def eve(client: httpx.AsyncClient) -> Person:
    return await sign_up(client, "eve")


@pytest.fixture
async def circle(ana: Person, ben: Person, cem: Person, dee: Person) -> Person:
    """Ana follows ben and cem, who follow dee; ben follows nobody else. Returns dee."""
    for follower, followee in ((ana, ben), (ana, cem), (ben, dee), (cem, dee)):
        await follower.follow(followee)
    return dee


async def test_followed_by_people_i_follow(ana: Person, ben: Person, cem: Person, circle: Person, eve: Person) -> None:
    await cem.follow(eve)
    found = await suggested(ana)
    assert list(found)[:2] == [circle.id, eve.id]
    assert found[circle.id]["source"] == "network"
    assert {person["id"] for person in found[circle.id]["via"]} == {ben.id, cem.id}
    assert found[circle.id]["via_count"] == 2
    assert [person["username"] for person in found[eve.id]["via"]] == [cem.username]
    assert found[circle.id]["followers_count"] is None


async def test_via_names_three_of_many(client: httpx.AsyncClient, ana: Person, dee: Person) -> None:
    for number in range(4):
        friend = await sign_up(client, f"f{number}")
        await ana.follow(friend)
        await friend.follow(dee)
    why = (await suggested(ana))[dee.id]
    assert why["via_count"] == 4 and len(why["via"]) == 3


async def test_never(ana: Person, ben: Person, cem: Person, circle: Person) -> None:
    """Already followed, asked, blocked either way, muted, oneself; and each holds on the next request."""
    dee = circle
    assert dee.id in await suggested(ana)
    assert not {ana.id, ben.id, cem.id} & set(await suggested(ana))
    for act, undo in (
        (ana.put(f"/v1/users/me/mutes/{dee.id}"), ana.delete(f"/v1/users/me/mutes/{dee.id}")),
        (ana.put(f"/v1/users/me/blocks/{dee.id}"), ana.delete(f"/v1/users/me/blocks/{dee.id}")),
        (dee.put(f"/v1/users/me/blocks/{ana.id}"), dee.delete(f"/v1/users/me/blocks/{ana.id}")),
        (ana.follow(dee), ana.unfollow(dee)),
    ):
        await act
        assert dee.id not in await suggested(ana)
        await undo
        assert dee.id in await suggested(ana)
    await dee.protect()
    assert dee.id in await suggested(ana)
    await ana.follow(dee)  # a request
    assert dee.id not in await suggested(ana)


async def test_who_is_muted_is_no_reason(ana: Person, ben: Person, cem: Person, circle: Person) -> None:
    await ana.mute(ben)
    why = (await suggested(ana))[circle.id]
    assert [person["id"] for person in why["via"]] == [cem.id] and why["via_count"] == 1
    await ana.unfollow(cem)
    assert circle.id not in await suggested(ana)


async def test_dismissals_hold_at_once(
    services: Services, ana: Person, ben: Person, circle: Person, client: httpx.AsyncClient
) -> None:
    await ana.delete(f"{PATH}/{circle.id}")
    await ana.delete(f"{PATH}/{circle.id}")
    assert circle.id not in await suggested(ana)
    assert (await ana.request("DELETE", f"{PATH}/1")).status_code == 404
    assert (await ana.request("DELETE", f"{PATH}/x")).status_code == 404
    assert (await client.delete(f"{PATH}/{circle.id}")).status_code == 401
    other = await sign_up(client, "fay")
    await other.follow(ben)
    assert circle.id in await suggested(other)  # a dismissal is one's own
    repository = services.suggestions.repository
    for number in range(DISMISSED_MAX):
        await repository.dismiss(int(ana.id), number + 1, wall_clock_ms())
    assert len(await repository.dismissed(int(ana.id))) == DISMISSED_MAX
    assert circle.id in await suggested(ana)  # the oldest was forgotten


async def test_similar_interests(
    services: Services, ana: Person, ben: Person, cem: Person, dee: Person, settle: Settle
) -> None:
    """By what is written and liked in public; what protected accounts write, or what is gone, tells nothing."""
    one, other, hidden = word(), word(), word()
    post = await ana.post(f"{one} {other} #{hidden}")
    await ben.post(f"about {one} and {other}")
    await cem.like(post)
    await dee.protect()
    await dee.post(f"{one} {other} {hidden}")
    await settle()
    found = await suggested(ana)
    assert found[ben.id]["source"] == found[cem.id]["source"] == "similar"
    assert set(found[ben.id]["terms"]) == {one, other}
    assert found[ben.id]["via"] == [] and found[ben.id]["via_count"] == 0
    assert dee.id not in found
    assert {ana.id, ben.id} <= set(await suggested(cem))
    await cem.delete(f"/v1/posts/{post['id']}/like")
    await settle()
    assert cem.id not in await suggested(ana)
    await ben.protect()
    await settle()
    assert ben.id not in await suggested(ana)


async def test_both_reasons_are_told(ana: Person, circle: Person, settle: Settle) -> None:
    common = word()
    await ana.post(f"{common} again")
    await circle.post(f"{common} too")
    await settle()
    why = (await suggested(ana))[circle.id]
    assert why["via_count"] == 2 and why["terms"] == [common]


async def test_newcomers_see_who_is_popular(
    services: Services, client: httpx.AsyncClient, ana: Person, ben: Person, cem: Person, dee: Person, settle: Settle
) -> None:
    await dee.post(word())
    await cem.protect()
    for number in range(3):
        fan = await sign_up(client, f"fan{number}")
        await fan.follow(dee)
        await fan.follow(ben)  # who has never posted
    await settle()
    await look_up_popular(services.suggestions.repository, services.users, wall_clock_ms())
    found = await suggested(ana)
    assert found[dee.id]["source"] == "popular" and found[dee.id]["followers_count"] == 3
    assert not {ben.id, cem.id, ana.id} & set(found)
    await ana.delete(f"{PATH}/{dee.id}")
    assert dee.id not in await suggested(ana)
    await look_up_popular(services.suggestions.repository, services.users, wall_clock_ms() + 2 * KEPT_MS)
    assert await services.suggestions.repository.popular() == []


async def test_a_page_is_few_statements(services: Services, ana: Person, circle: Person, eve: Person) -> None:
    await suggested(ana)
    with recorded_queries(services.resources.database) as queries:
        await suggested(ana)
    assert len(queries) == 5, queries
    assert list(await suggested(ana, limit=1)) == [circle.id]


async def test_signed_out(client: httpx.AsyncClient) -> None:
    assert (await client.get(PATH)).status_code == 401


@pytest.mark.parametrize("limit", ["0", "51", "x"])
async def test_bad_limits(ana: Person, limit: str) -> None:
    answer = await ana.request("GET", PATH, params={"limit": limit})
    assert answer.status_code == 400 and answer.json()["errors"][0]["field"] == "limit"


async def test_the_upkeep_keeps_the_newest_likes(
    services: Services, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rookery.search.suggestions.repository.LIKES_KEPT", 3)
    newest = services.resources.ids.next()
    async with services.resources.database.connection() as connection:
        await connection.execute(
            "INSERT INTO search.account_likes (user_id, post_id, id)"
            " SELECT $1, $2::bigint - n, $2::bigint - n FROM generate_series(1, 8) n",
            int(ana.id),
            newest,
        )
        await prune(services.suggestions.repository, wall_clock_ms())
        rows = await connection.fetch("SELECT id FROM search.account_likes WHERE user_id = $1", int(ana.id))
        assert {row["id"] for row in rows} == {newest - 1, newest - 2, newest - 3}
        await prune(services.suggestions.repository, wall_clock_ms() + KEPT_MS + 60_000)
        assert (
            await connection.fetchval("SELECT count(*) FROM search.account_likes WHERE user_id = $1", int(ana.id)) == 0
        )


async def test_learning_anew_comes_to_the_same(
    services: Services, ana: Person, ben: Person, cem: Person, settle: Settle
) -> None:
    """Also for words of several authors, which weigh less than the events knew."""
    one = word()
    post = await ana.post(f"{one} rain")
    await ben.post(f"{one} snow")
    await cem.like(post)
    await settle()
    await services.suggestions.repository.count_terms()
    from rookery.search.suggestions.rebuild import rebuild

    heard: list[tuple[str, int]] = []
    await rebuild(
        services.suggestions.repository,
        services.users,
        services.posts,
        wall_clock_ms(),
        lambda what, count: heard.append((what, count)),
    )
    assert {"posts", "likes", "accounts"} == {what for what, _ in heard}
    found = await suggested(ana)
    assert found[ben.id]["terms"] == [one]
    assert one in found[cem.id]["terms"]
    await cem.delete(f"/v1/posts/{post['id']}/like")
    await settle()
    assert cem.id not in await suggested(ana)


async def test_the_command(
    settings: Settings, postgres_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    async with own_database(postgres_url) as url:
        monkeypatch.setenv("ROOKERY_DATABASE_URL", url)
        monkeypatch.setenv("ROOKERY_CACHE_URL", settings.cache_url)
        monkeypatch.setenv("ROOKERY_SECRET_KEY", settings.secret_key)
        arguments = ["suggestions", "rebuild", "--var", str(tmp_path)]
        result = await asyncio.to_thread(CliRunner().invoke, main, arguments)
        assert result.exit_code == 0 and "Done." in result.output
