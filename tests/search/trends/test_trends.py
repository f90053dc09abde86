"""From posts over HTTP to what is trending: who counts, who sees what, and what moderators take out."""

import asyncio
import secrets
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from rookery.cli import main
from rookery.contracts.codec import encode, topic_of
from rookery.contracts.events import PostCreated, PostDeleted
from rookery.gateway.wiring import Services
from rookery.kit.bus import Message, append
from rookery.kit.ids import wall_clock_ms
from rookery.kit.problems import Invalid
from rookery.kit.settings import Settings
from rookery.search.trends.burst import HOUR
from rookery.search.trends.moderation import hide, show
from tests.own_database import own_database
from tests.people import Person
from tests.queries import recorded_queries
from tests.search.trends.conftest import Compute, Settle

TRENDS = "/v1/trends"


def word() -> str:
    """A word that no other test knows."""
    return "x" + "".join(secrets.choice("bcdfghklmnprstvz") for _ in range(9))


async def found(by: Person | httpx.AsyncClient, name: str, **params: Any) -> dict[str, Any] | None:
    """The trend of that name, if it is one."""
    query = {"window": "1h", "limit": 25, **params}
    if isinstance(by, Person):
        page = await by.get(TRENDS, **query)
    else:
        page = (await by.get(TRENDS, params=query)).json()
    return next((trend for trend in page["data"] if trend["name"].lower() == name.lower()), None)


async def everybody(people: list[Person], text: str) -> list[dict[str, Any]]:
    return [await person.post(text) for person in people]


@pytest.fixture
def people(ana: Person, ben: Person, cem: Person) -> list[Person]:
    return [ana, ben, cem]


@pytest.fixture
async def watched(services: Services, settle: Settle) -> None:
    """Ten hours have been watched already."""
    await services.trends.repository.restart_clock(HOUR, HOUR.number(wall_clock_ms()) - 12)


async def test_a_hashtag_of_three_people(client: httpx.AsyncClient, people: list[Person], compute: Compute) -> None:
    tag = word()
    posts = await everybody(people, f"look at #{tag.upper()}")
    await people[0].post(f"again #{tag}")
    await compute()
    for window in ("1h", "24h"):
        trend = await found(client, tag, window=window)
        assert trend is not None
        assert (trend["kind"], trend["authors_count"], trend["posts_count"]) == ("hashtag", 3, 4)
        assert (trend["usual"], trend["times"], trend["url"]) == (0.0, None, None)
        assert trend["series"][-1] == 3 and len(trend["series"]) == (12 if window == "1h" else 24)
        assert trend["explanation"].startswith("3 people in the last ")
        assert trend["since"] <= posts[1]["created_at"]
        assert len(trend["example_post_ids"]) == 3
        assert {posts[1]["id"], posts[2]["id"]} <= set(trend["example_post_ids"])


async def test_repeating_oneself_changes_nothing(
    client: httpx.AsyncClient, people: list[Person], compute: Compute
) -> None:
    quiet, loud = word(), word()
    await everybody(people, f"#{quiet}")
    for number in range(12):
        await people[0].post(f"#{loud} {number}")
        await people[1].post(f"#{loud} {number}")
    await compute()
    assert await found(client, quiet) is not None
    assert await found(client, loud) is None


async def test_posts_that_do_not_count(
    services: Services, client: httpx.AsyncClient, people: list[Person], dee: Person, compute: Compute, settle: Settle
) -> None:
    """Of protected accounts, deleted ones, those that were edited away, and of accounts that are too young."""
    protected, deleted, edited, young, later = word(), word(), word(), word(), word()
    await dee.protect()
    for tag in (protected, deleted, edited, later):
        await everybody(people[:2], f"#{tag}")
    await dee.post(f"#{protected}")
    gone = await people[2].post(f"#{deleted}")
    changed = await people[2].post(f"#{edited}")
    await people[2].post(f"#{later}")
    await settle()
    await people[2].delete(f"/v1/posts/{gone['id']}")
    await people[2].request("PATCH", f"/v1/posts/{changed['id']}", json={"content": "never mind"})
    await settle()
    services.trends.noting.account_age_ms = 3600 * 1000
    await everybody(people, f"#{young}")
    await settle()
    services.trends.noting.account_age_ms = 0
    await compute()
    for tag in (protected, deleted, edited, young):
        assert await found(client, tag) is None, tag
    assert await found(client, later) is not None
    await people[2].protect()
    await compute()
    assert await found(client, later) is None


async def test_phrases_need_a_past(
    client: httpx.AsyncClient, people: list[Person], watched: None, compute: Compute
) -> None:
    one, other = word(), word()
    await everybody(people[:2], f"They were here and now they have been there for the {one} {other}!")
    await people[2].post(f"#{one.title()}{other.title()}")
    await compute()
    trend = await found(client, one + other)
    assert trend is not None and trend["kind"] == "hashtag"
    assert trend["authors_count"] == 3
    assert await found(client, f"{one} {other}") is None


async def test_a_phrase_is_shown_as_it_is_written(
    services: Services, client: httpx.AsyncClient, people: list[Person], watched: None, compute: Compute
) -> None:
    name = f"{word()} {word()}"
    # English beyond doubt, whatever letters the name has: the stop words of a language are those of its posts.
    await everybody(people, f"They were here and now they have been there for the {name}!")
    await compute()
    trend = await found(client, name)
    assert trend is not None and trend["kind"] == "phrase"
    await services.trends.repository.restart_clock(HOUR, HOUR.number(wall_clock_ms()) + 1)
    await compute()
    assert await found(client, name) is None


async def test_links_are_one_however_they_are_shared(
    client: httpx.AsyncClient, people: list[Person], compute: Compute
) -> None:
    host = f"{word()}.org"
    for person, url in zip(people, (f"https://www.{host}/a", f"http://{host}/a/#x", f"{host}/a?utm_id=1"), strict=True):
        await person.post(f"read {url}")
    await compute()
    trend = await found(client, f"{host}/a")
    assert trend is not None and trend["kind"] == "link" and trend["authors_count"] == 3
    assert host in trend["url"]


async def test_what_was_usual_is_no_trend(
    services: Services, client: httpx.AsyncClient, people: list[Person], watched: None, compute: Compute
) -> None:
    """The past is rolled from uses, period by period, and once."""
    tag = word()
    await everybody(people, f"#{tag}")
    await compute()
    assert await found(client, tag) is not None
    clock = await services.trends.repository.clock(HOUR)
    assert clock is not None
    async with services.resources.database.connection() as connection:
        for back in range(1, clock.rolled - clock.first + 2):
            await connection.execute(
                "INSERT INTO search.topic_uses SELECT topic, post_id - $2::bigint, author_id, kind, name, lang"
                " FROM search.topic_uses WHERE topic = $1 AND post_id >= $3",
                tag,
                (back + 1) * HOUR.length_ms << 16,
                (wall_clock_ms() - 60_000) << 16,
            )
    await services.trends.repository.restart_clock(HOUR, clock.first)
    await compute()
    await compute()
    assert await found(client, tag) is None
    async with services.resources.database.connection() as connection:
        row = await connection.fetchrow(
            "SELECT mean / (1 - power($2::float8, $3)) AS mean, at FROM search.topic_pasts"
            " WHERE topic = $1 AND lang = '' AND period = '1h'",
            tag,
            HOUR.fade,
            clock.rolled - clock.first + 1,
        )
    assert row["mean"] == pytest.approx(3, rel=0.35)  # an hour at either end may be missed


async def test_by_language(
    services: Services, client: httpx.AsyncClient, people: list[Person], compute: Compute
) -> None:
    tag = word()
    await everybody(people, f"#{tag}")
    await compute()
    assert await found(client, tag, lang="tlh") is None
    async with services.resources.database.connection() as connection:
        await connection.execute("UPDATE search.topic_uses SET lang = 'tlh' WHERE topic = $1", tag)
    await compute()
    trend = await found(client, tag, lang="tlh")
    assert trend is not None and trend["authors_count"] == 3
    assert await found(client, tag) is not None
    assert await found(client, tag, lang="qya") is None


async def test_hidden_people(people: list[Person], dee: Person, client: httpx.AsyncClient, compute: Compute) -> None:
    """Examples are by people whom the reader sees; where nobody is left, the trend is not theirs."""
    tag = word()
    posts = await everybody(people, f"#{tag}")
    await compute()
    await dee.mute(people[0])
    await people[1].block(dee)
    trend = await found(dee, tag)
    assert trend is not None and trend["example_post_ids"] == [posts[2]["id"]]
    await dee.block(people[2])
    assert await found(dee, tag) is None
    signed_out = await found(client, tag)
    assert signed_out is not None and len(signed_out["example_post_ids"]) == 3
    await people[0].delete(f"/v1/posts/{posts[0]['id']}")
    after = await found(client, tag)
    assert after is not None and posts[0]["id"] not in after["example_post_ids"]


async def test_hidden_trends_stay_hidden(
    services: Services, client: httpx.AsyncClient, people: list[Person], watched: None, compute: Compute
) -> None:
    tag, host = word(), f"{word()}.org"
    await everybody(people, f"#{tag} is what they say")
    await everybody(people, f"read https://{host}/a")
    await compute()
    repository = services.trends.repository
    assert await found(client, tag) is not None
    assert await hide(repository, f"#{tag.upper()}", "spam", "ana") == tag
    await hide(repository, host, "", "ana")
    assert await found(client, tag) is None and await found(client, f"{host}/a") is None
    for variant in (tag.title(), f"{tag[0]}\u0301{tag[1:]}", tag.upper()):
        await everybody(people, f"#{variant}")
        await everybody(people, f"read https://www.{host}/b/")
        await everybody(people, f"{variant} {word()[:1]}zz")
    await compute()
    page = (await client.get(TRENDS, params={"window": "1h", "limit": 25})).json()
    assert not [trend["name"] for trend in page["data"] if tag[1:] in trend["name"].lower() or host in trend["name"]]
    assert (await repository.hidden(1_000))[1]["reason"] == "spam"
    await show(repository, tag, "it was not", "ben")
    await compute()
    assert await found(client, tag) is not None
    async with services.resources.database.connection() as connection:
        decisions = await connection.fetch(
            "SELECT decision, reason, decided_by FROM search.trend_decisions WHERE topic = $1 ORDER BY id", tag
        )
    assert [tuple(row) for row in decisions] == [("hide", "spam", "ana"), ("show", "it was not", "ben")]
    with pytest.raises(Invalid):
        await hide(repository, "!!!", "", "ana")


async def test_replays_change_nothing(
    services: Services, people: list[Person], client: httpx.AsyncClient, compute: Compute, settle: Settle
) -> None:
    tag = word()
    posts = await everybody(people, f"#{tag}")
    await people[0].delete(f"/v1/posts/{posts[0]['id']}")
    await settle()
    ids = services.resources.ids
    created = [
        PostCreated(event_id=ids.next(), post_id=int(post["id"]), author_id=int(post["author"]["id"])) for post in posts
    ]
    gone = PostDeleted(event_id=ids.next(), post_id=int(posts[0]["id"]), author_id=int(people[0].id))
    for events in (created, [gone], created[::-1]):
        async with services.resources.database.transaction() as connection:
            await append(connection, [Message(topic_of(event), event.key, encode(event)) for event in events])
        services.resources.waker.wake()
        await settle()
    async with services.resources.database.connection() as connection:
        rows = await connection.fetch("SELECT post_id FROM search.topic_uses WHERE topic = $1", tag)
    assert {row["post_id"] for row in rows} == {int(posts[1]["id"]), int(posts[2]["id"])}
    assert len(rows) == 2


async def test_a_page_is_one_statement(services: Services, people: list[Person], dee: Person, compute: Compute) -> None:
    await everybody(people, f"#{word()}")
    await compute()
    await dee.get(TRENDS, window="1h")
    with recorded_queries(services.resources.database) as queries:
        await dee.get(TRENDS, window="1h")
    assert len(queries) == 1, queries


@pytest.mark.parametrize(
    ("field", "value"),
    [("window", "2h"), ("lang", "EN"), ("lang", "'; --"), ("limit", "0"), ("limit", "26"), ("lang", "")],
)
async def test_bad_questions(client: httpx.AsyncClient, field: str, value: str) -> None:
    answer = await client.get(TRENDS, params={field: value})
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_the_commands(
    settings: Settings, postgres_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    async with own_database(postgres_url) as url:
        monkeypatch.setenv("ROOKERY_DATABASE_URL", url)
        monkeypatch.setenv("ROOKERY_CACHE_URL", settings.cache_url)
        monkeypatch.setenv("ROOKERY_SECRET_KEY", settings.secret_key)

        async def run(*arguments: str) -> str:
            result = await asyncio.to_thread(CliRunner().invoke, main, ["trends", *arguments, "--var", str(tmp_path)])
            return result.output

        assert "rain" in await run("hide", "#Räin", "--reason", "wet")
        assert "rain" in await run("hidden")
        assert "wet" in await run("hidden")
        assert "neither letters nor digits" in await run("hide", "##")
        assert "rain" in await run("show", "RAIN")
        assert await run("hidden") == ""
        assert "Read 0 posts" in await run("rebuild")
