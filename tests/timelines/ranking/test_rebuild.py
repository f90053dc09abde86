"""Learning anew from what stands, and the evaluation: on a seeded network that this module has to itself."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import msgspec
import pytest
import pytest_asyncio

from rookery.cli.rank import evaluate_past
from rookery.contracts.events import AnyEvent, LikeCreated, PostCreated, RepostCreated
from rookery.kit.database import Connection
from rookery.kit.ids import wall_clock_ms
from rookery.kit.settings import Settings
from rookery.seeding.network import Wish
from rookery.seeding.ranking import learn
from rookery.seeding.run import seed_database
from rookery.timelines.ranking.acts import fold
from rookery.timelines.ranking.evaluation import Measures, measure
from rookery.timelines.ranking.rebuild import rebuild
from rookery.timelines.ranking.repository import add, queries
from tests.own_database import own_database
from tests.people import PASSWORD

TABLES = {
    "affinities": "value", "interests": "value", "author_stats": "posts + engagement", "heat": "heat",
    "author_replies": "to_others + to_self", "tagged": "1",
}  # fmt: skip


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def seeded(settings: Settings, postgres_url: str) -> AsyncIterator[Settings]:
    async with own_database(postgres_url) as url:
        own = msgspec.structs.replace(settings, database_url=url)
        wish = Wish(users=150, posts=3_000, follows=3_000, seed=1, until_ms=wall_clock_ms())
        await seed_database(own, wish, PASSWORD, lambda *_: None)
        yield own


@pytest.fixture
async def connection(seeded: Settings) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(seeded.database_url)
    yield connection
    await connection.close()


async def totals(connection: Connection) -> dict[str, tuple[int, float]]:
    """Of each read model how many rows there are and what they sum to."""
    return {
        table: tuple(await connection.fetchrow(f"SELECT count(*), coalesce(sum({value}), 0) FROM timelines.{table}"))
        for table, value in TABLES.items()
    }


async def events_of_all(connection: Connection) -> list[AnyEvent]:
    """What the commands behind the rows would have published."""
    posts = await connection.fetch("SELECT * FROM posts.posts")
    likes = await connection.fetch("SELECT * FROM posts.likes")
    reposts = await connection.fetch("SELECT * FROM posts.reposts")
    written: list[AnyEvent] = [
        PostCreated(
            event_id=row["id"],
            post_id=row["id"],
            author_id=row["author_id"],
            reply_to_id=row["reply_to_id"],
            quote_of_id=row["quote_of_id"],
        )
        for row in posts
    ]
    liked: list[AnyEvent] = [
        LikeCreated(event_id=row["id"], post_id=row["post_id"], author_id=1, user_id=row["user_id"]) for row in likes
    ]
    carried: list[AnyEvent] = [
        RepostCreated(
            event_id=row["id"], repost_id=row["id"], post_id=row["post_id"], author_id=1, user_id=row["user_id"]
        )
        for row in reposts
    ]
    return [*written, *liked, *carried]


async def test_learning_anew_comes_to_what_events_came_to(connection: Connection) -> None:
    assert await rebuild(connection, wall_clock_ms() + 10_000) > 7_000
    anew = await totals(connection)
    assert all(count > 0 for count, _ in anew.values())
    await queries.forget_learnt(connection)
    await add(connection, fold(await events_of_all(connection)))
    by_events = await totals(connection)
    for table, (count, value) in anew.items():
        assert by_events[table][0] == count, table
        assert by_events[table][1] == pytest.approx(value, rel=1e-6), table


async def test_the_evaluation_is_deterministic_and_changes_nothing(seeded: Settings, connection: Connection) -> None:
    counts = """
    SELECT (SELECT count(*) FROM posts.likes), (SELECT count(*) FROM posts.posts), sum(likes_count) FROM posts.counters
    """
    before: Any = await connection.fetchrow(counts), await totals(connection)
    first = await evaluate_past(seeded, 100)
    assert await evaluate_past(seeded, 100) == first
    assert (await connection.fetchrow(counts), await totals(connection)) == before
    assert first.readers > 10 and first.held_out >= first.readers
    assert first.measures["ranked"].ndcg > 0


def test_measures() -> None:
    assert measure([1, 2, 3], {1}) == Measures(1.0, 1.0, 1.0)
    assert measure([1, 2, 3], {4}) == Measures(0.0, 0.0, 0.0)
    assert measure([*range(25)], {24}) == Measures(0.0, 0.0, 1 / 25)
    half = measure([1, 2, 3], {2, 9})
    assert (half.recall, half.mrr) == (0.5, 0.5)
    assert half.ndcg == pytest.approx(0.6309 / 1.6309, abs=1e-3)


async def test_seeding_teaches_what_a_rebuild_would(postgres_url: str, settings: Settings) -> None:
    async with own_database(postgres_url) as url:
        own = msgspec.structs.replace(settings, database_url=url)
        wish = Wish(users=40, posts=300, follows=400, seed=2, until_ms=wall_clock_ms())
        _, network = await seed_database(own, wish, PASSWORD, lambda *_: None)
        connection = await asyncpg.connect(url)
        try:
            await learn(connection, network, lambda *_: None)
            learnt = await totals(connection)
            await rebuild(connection, wall_clock_ms())
            assert {table: pytest.approx(found) for table, found in learnt.items()} == await totals(connection)
        finally:
            await connection.close()
