"""Offline evaluation: would the ranking have put what readers then engaged with nearer to the top than newest first?

The network is taken back to a cut, a day before its last like, inside a transaction that is rolled back: acts, posts
and follows from there on are deleted, counters and read models made anew as of then. Each reader's page is ranked at
the cut by the code that serves it, and held against what they liked or reposted in the day after, of posts that were
there. Measures per reader, then averaged: recall@20, NDCG@20 (binary gains) and MRR.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from math import log2
from typing import Any, Final, cast

from msgspec import Struct

from rookery.contracts.users import Reader, UsersApi
from rookery.kit.database import Connection
from rookery.kit.ids import MAX_ID, first_id_at, id_ms
from rookery.kit.resources import Resources
from rookery.timelines.ranking.candidates import CandidateSource
from rookery.timelines.ranking.decay import DAY_MS
from rookery.timelines.ranking.facts import FactTable
from rookery.timelines.ranking.ranker import Ranker
from rookery.timelines.ranking.rebuild import rebuild
from rookery.timelines.ranking.repository import RankingRepository, fetch, queries
from rookery.timelines.ranking.tastes import Tastes
from rookery.timelines.repository import TimelineRepository
from rookery.timelines.sources import EntrySource

PAGE: Final = 20
NAMES: Final = ("following, newest first", "all candidates, newest first", "ranked")


class Measures(Struct, frozen=True):
    """Averages over readers, 0..1."""

    recall: float
    ndcg: float
    mrr: float


class Evaluation(Struct, frozen=True):
    """`measures` by name of the order; `found`: how much of what was held out was among the candidates."""

    readers: int
    held_out: int
    found: float
    measures: dict[str, Measures]


class OneConnection:
    """Stands for a Database: every use is of the one connection whose transaction sees the past."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        yield self._connection


class _Home:
    """Stands for an EntrySource: the home timeline as the database has it, as far as the cache reaches."""

    def __init__(self, users: UsersApi, repository: TimelineRepository) -> None:
        self._users = users
        self._repository = repository

    async def posts(self, reader_id: int, limit: int) -> tuple[Reader, list[tuple[int, int]]]:
        reader = await self._users.reader(reader_id)
        entries, _ = await self._repository.home_entries(reader, MAX_ID, limit)
        return reader, [(entry.id, entry.user_id) for entry in entries if entry.id == entry.post_id]


async def evaluate(connection: Connection, resources: Resources, users: UsersApi, *, readers: int) -> Evaluation:
    """With the `readers` of lowest id that have something held out. Changes nothing.

    `resources` are not opened and have a OneConnection to `connection` for a database, and `users` has the same, so
    that all see the past and nothing is cached. Raises ValueError where nothing can be held out.
    """
    newest = await connection.fetchval("SELECT max(id) FROM posts.likes")
    if newest is None:
        raise ValueError("nobody has liked anything")
    cut_ms = id_ms(newest) - DAY_MS
    transaction = connection.transaction()
    await transaction.start()
    try:
        rows = await fetch(queries.held_out, connection, below=first_id_at(cut_ms), row_limit=readers)
        await _go_back(connection, cut_ms)
        return await _measure(resources, users, rows, cut_ms)
    finally:
        await transaction.rollback()


async def _go_back(connection: Connection, cut_ms: int) -> None:
    below = first_id_at(cut_ms)
    for statement in (
        queries.forget_likes_since,
        queries.forget_reposts_since,
        queries.forget_posts_since,
        queries.forget_follows_since,
    ):
        await statement(connection, below=below)
    await queries.count_again(connection)
    await rebuild(connection, cut_ms)


async def _measure(resources: Resources, users: UsersApi, rows: Sequence[Any], cut_ms: int) -> Evaluation:
    repository = RankingRepository(resources.database)
    tastes = Tastes(resources, repository)
    home = cast(EntrySource, _Home(users, TimelineRepository(resources.database)))
    candidates = CandidateSource(resources, home, tastes, users)
    ranker = Ranker(FactTable(repository.facts))
    orders: dict[str, list[Measures]] = {name: [] for name in NAMES}
    found = held = 0
    for row in rows:
        wanted = set(row["post_ids"])
        pool = await candidates.pool(row["user_id"], MAX_ID)
        ranked = (await ranker.rank(pool, cut_ms))["post_id"].tolist()
        newest = sorted(ranked, reverse=True)
        following = [post_id for post_id in newest if post_id in pool.followed]
        found, held = found + len(wanted & set(ranked)), held + len(wanted)
        for name, order in zip(NAMES, (following, newest, ranked), strict=True):
            orders[name].append(measure(order, wanted))
    averages = {name: average(each) for name, each in orders.items()}
    return Evaluation(len(rows), held, found / max(1, held), averages)


def measure(order: Sequence[int], wanted: set[int]) -> Measures:
    """Of one reader's order, against what they engaged with (not empty)."""
    hits = [place for place, post_id in enumerate(order) if post_id in wanted]
    top = [place for place in hits if place < PAGE]
    best = min(PAGE, len(wanted))
    ideal = sum(1 / log2(place + 2) for place in range(best))
    gain = sum(1 / log2(place + 2) for place in top)
    return Measures(len(top) / best, gain / ideal, 1 / (hits[0] + 1) if hits else 0.0)


def average(each: Sequence[Measures]) -> Measures:
    count = max(1, len(each))
    return Measures(
        sum(one.recall for one in each) / count,
        sum(one.ndcg for one in each) / count,
        sum(one.mrr for one in each) / count,
    )
