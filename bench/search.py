"""Search over a million posts: each kind of operator, beside the bare SQL of its first page, and the plan of it.

The seeder's network writes the first posts, with likes and replies; the others are written by the same people in the
same vocabulary, in which words are as frequent as in people's texts (`rookery.seeding.texts`).
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg
from msgspec import Struct

from bench.client import Client
from bench.machine import Machine, Stage, Step, processes, servers
from bench.network import READERS, Account, Size, accounts, seed, sign_in
from bench.report import Row
from rookery.contracts.users import Reader
from rookery.kit.database import Connection, Database
from rookery.kit.ids import MAX_ID, format_id_time, id_ms, wall_clock_ms
from rookery.search.compiling import Search, compile_query, names_of
from rookery.search.grammar import parse
from rookery.search.post_search import BLOCK, EXAMINED_MAX, HALF_LIFE_MS, SPARE, condition_of
from rookery.search.repository import SearchRepository, queries
from rookery.search.windows import GROWTH, Windows
from rookery.seeding.load import load
from rookery.seeding.network import DAY_MS, POSTS_SINCE_MS, Network, mint
from rookery.seeding.run import stored_entities
from rookery.seeding.texts import Writer, vocabulary

POSTS = 1_000_000
NETWORK = Size(users=6_000, posts=60_000, follows=240_000)
NODE = 255  # of the ids of the posts beside the network's
ROUNDS = 100  # requests of a kind, at least
LIMIT = 20
TYPEAHEAD_MS_WANTED = 30.0
PLANS = Path("var/bench/search-plans.txt")

USERNAMES = "SELECT id, username FROM users.users ORDER BY id"
FOLLOWING = "SELECT array_agg(followee_id) FROM users.follows WHERE follower_id = $1"


class Kind(Struct, frozen=True):
    """Searches of one kind, asked in turn. `path` is that of the API below /v1/search/."""

    name: str
    queries: list[str]
    path: str = "posts"
    latest: bool = False


async def bench_search(step: Step) -> list[Row]:
    async with servers(step) as stage:
        await seed(stage, NETWORK)
        await write_posts(stage, POSTS - NETWORK.posts)
        return await measure(stage)


async def measure(stage: Stage) -> list[Row]:
    (reader,) = await accounts(stage.settings, READERS, 1)
    others = await accounts(stage.settings, READERS, 20)
    async with processes(stage) as machine:
        (token,) = await sign_in(machine.url, [reader])
        bare = await BareSearch.open(stage, reader)
        PLANS.parent.mkdir(parents=True, exist_ok=True)
        PLANS.write_text("")
        try:
            rows = []
            for kind in kinds([other.username for other in others]):
                stage.step(kind.name)
                rows.append(await _measure(machine, bare, token, kind))
            return rows
        finally:
            await bare.close()


async def write_posts(stage: Stage, count: int) -> None:
    """Posts by everybody, over the time of the network's, copied as the seeder does it."""
    stage.step(f"writing {count:,} posts")
    connection = await asyncpg.connect(stage.settings.database_url)
    try:
        people = [Account(row["id"], row["username"]) for row in await connection.fetch(USERNAMES)]
        posts = await asyncio.to_thread(_posts, people, count)
        network = Network(users=[], user_counters=[], follows=[], posts=posts, likes=[], reposts=[], post_counters=[])
        await load(connection, network, lambda what, done, total: stage.step(f"{what} {done:,} of {total:,}"))
        await connection.execute("VACUUM ANALYZE", timeout=600)
    finally:
        await connection.close()


def _posts(people: Sequence[Account], count: int) -> list[Any]:
    rng = random.Random(2)
    writer = Writer(rng, [person.username for person in people])
    languages = {person.id: writer.language() for person in people}
    ids_by_username = {person.username: person.id for person in people}
    until = wall_clock_ms()
    times = (until - 1 - int(rng.random() ** 2 * POSTS_SINCE_MS) for _ in range(count))
    rows = []
    for post_id, person in zip(mint(NODE, times), rng.choices(people, k=count), strict=True):
        language = languages[person.id]
        content = writer.post(language)
        entities = stored_entities(content, ids_by_username)
        rows.append((post_id, person.id, content, entities, None, None, post_id, None, language))
    return rows


def kinds(usernames: Sequence[str]) -> list[Kind]:
    words, japanese = vocabulary("en"), vocabulary("ja")
    week = [format_id_time((wall_clock_ms() - days * DAY_MS) << 16)[:10] for days in (14, 7)]
    common, middle, rare = ["rain", "trains", "rooks"], words[300:315], words[15_000:15_015]
    return [
        Kind("common word", common),
        Kind("common word, latest", common, latest=True),
        Kind("middling word", middle),
        Kind("rare word", rare),
        Kind("unknown word", ["xylophonist", "qwertzuiop"]),
        Kind("two words", ["rain trains", "rooks chess"]),
        Kind("phrase", ['"morning coffee"', '"good tests"']),
        Kind("Japanese", ["カラス", "図書館", *japanese[300:310]]),
        Kind("OR", ["rain OR trains OR chess"]),
        Kind("minus", ["rain -trains -chess"]),
        Kind("#tag", ["#birds", "#opensource"]),
        Kind("@mention", [f"@{name}" for name in usernames]),
        Kind("from:", [f"from:{name}" for name in usernames]),
        Kind("to:", [f"to:{name}" for name in usernames]),
        Kind("from: and word", [f"from:{name} rain" for name in usernames]),
        Kind("since: until:", [f"rain since:{week[0]} until:{week[1]}"]),
        Kind("has:link", ["rain has:link", "trains has:link"]),
        Kind("is:reply", ["rain is:reply"]),
        Kind("lang:", ["lang:ja", "lang:tr"]),
        Kind("url:", ["url:example.org", "url:example.org/ja"]),
        Kind("min_likes:", ["rain min_likes:5"]),
        Kind("min_likes: alone", ["min_likes:20"]),
        Kind("filter:follows", ["rain filter:follows"]),
        Kind("users", [name[:4] for name in usernames] + ["jnue_1", "zoe"], path="users"),
        Kind("hashtags", ["b", "op", "rea"], path="hashtags"),
        Kind("typeahead", ["r", "ra", "rai", "zo", "ana", "mei_1", "#b", "@jun"], path="typeahead"),
    ]


async def _measure(machine: Machine, bare: "BareSearch", token: str, kind: Kind) -> Row:
    paths = [path_of(kind, query) for query in kind.queries]
    rounds = max(1, ROUNDS // len(paths) + 1)
    before = machine.cpu_s()
    times_ms = await asyncio.to_thread(_times_ms, machine.url, token, paths, rounds)
    cpu_us = (machine.cpu_s() - before) * 1e6 / (len(times_ms) + len(paths))
    p50, p99 = percentile(times_ms, 0.5), percentile(times_ms, 0.99)
    sql = await bare.times_ms(kind, rounds) if kind.path == "posts" else []
    is_typeahead = kind.path == "typeahead"
    return Row(
        name=f"search/{kind.name}",
        value=p50,
        unit="ms",
        yardstick=percentile(sql, 0.5) if sql else None,
        ratio=p50 / percentile(sql, 0.5) if sql else None,
        target=TYPEAHEAD_MS_WANTED if is_typeahead else None,
        judges_value=is_typeahead,
        cpu_us=cpu_us,
        p50_ms=p50,
        p99_ms=p99,
        note=f"{len(times_ms)} requests one after the other: {kind.queries[0]}",
    )


def path_of(kind: Kind, query: str) -> str:
    path = f"/v1/search/{kind.path}?q={quote(query)}"
    return path if kind.path == "typeahead" else f"{path}&limit={LIMIT}" + ("&order=latest" if kind.latest else "")


def _times_ms(url: str, token: str, paths: Sequence[str], rounds: int) -> list[float]:
    client = Client(url)
    try:
        return [_timed(client, path, token) for number in range(rounds + 1) for path in paths][len(paths) :]
    finally:
        client.close()


def _timed(client: Client, path: str, token: str) -> float:
    began = time.perf_counter()
    client.get(path, token)
    return (time.perf_counter() - began) * 1e3


def percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


class BareSearch:
    """The statements of a first page and nothing else, on a connection of its own."""

    def __init__(self, connection: Connection, database: Database, reader: Reader) -> None:
        self._connection = connection
        self._database = database
        self._reader = reader
        self._windows = Windows(SearchRepository(database))

    @classmethod
    async def open(cls, stage: Stage, account: Account) -> "BareSearch":
        database = Database(stage.settings.database_url, size=2)
        await database.open()
        connection = await asyncpg.connect(stage.settings.database_url, server_settings={"jit": "off"})
        following = await connection.fetchval(FOLLOWING, account.id) or []
        return cls(connection, database, Reader(id=account.id, following=frozenset(following)))

    async def close(self) -> None:
        await self._connection.close()
        await self._database.close()

    async def times_ms(self, kind: Kind, rounds: int) -> list[float]:
        searches = [await self._compiled(query) for query in kind.queries]
        await self._explain(kind, searches[0])
        times_ms = []
        for _ in range(rounds):
            for search in searches:
                began = time.perf_counter()
                await self._run(kind, search, self._connection.fetch)
                times_ms.append((time.perf_counter() - began) * 1e3)
        return times_ms

    async def _compiled(self, query: str) -> Search:
        node = parse(query)
        names = names_of(node)
        found = "SELECT lower(username), id FROM users.users WHERE lower(username) = ANY ($1)"
        return compile_query(node, dict(await self._connection.fetch(found, names)))

    async def _run(self, kind: Kind, search: Search, fetch: Callable[..., Awaitable[list[Any]]]) -> None:
        wanted, examined = LIMIT + SPARE if kind.latest else BLOCK, 0
        found: list[int] = []
        async for stretch in self._windows.stretches(search.since, min(search.until, MAX_ID)):
            rows = await fetch(queries.find_posts.sql, *self._arguments(search, stretch, wanted - len(found)))
            found += [row["id"] for row in rows if row["id"] is not None]
            examined += rows[0]["examined"]
            if len(found) >= wanted or examined + GROWTH * rows[0]["examined"] > EXAMINED_MAX:
                break
        if found and not kind.latest:
            words = " | ".join(words.query() for words in search.words)
            await fetch(queries.score_posts.sql, words, HALF_LIFE_MS, found)

    def _arguments(self, search: Search, stretch: Any, wanted: int) -> list[Any]:
        """In the order in which the statement names them first."""
        given = {
            "condition": condition_of(search, stretch),
            "since": stretch.since,
            "before": stretch.before,
            "hidden": [],
            "follows_only": search.follows_only,
            "following": list(self._reader.following),
            "reader_id": self._reader.id,
            "min_likes": search.min_likes,
            "min_reposts": search.min_reposts,
            "row_limit": wanted,
        }
        return list(given.values())

    async def _explain(self, kind: Kind, search: Search) -> None:
        """The plan of the first stretch, appended to PLANS."""
        async for stretch in self._windows.stretches(search.since, min(search.until, MAX_ID)):
            arguments = self._arguments(search, stretch, LIMIT + SPARE if kind.latest else BLOCK)
            plan = await self._connection.fetch(f"EXPLAIN (ANALYZE, BUFFERS) {queries.find_posts.sql}", *arguments)
            hours = (id_ms(stretch.before) - id_ms(stretch.since)) / 3_600_000
            with PLANS.open("a") as file:
                file.write(f"== {kind.name}: {kind.queries[0]} (the newest {hours:.1f} hours)\n")
                file.writelines(f"{row[0]}\n" for row in plan)
            break
