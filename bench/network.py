"""The seeded network that the benchmarks run on, and access tokens of some of its people."""

import asyncio
import sys
from collections.abc import Sequence

import asyncpg
import msgspec
from msgspec import Struct

from bench.children import output_of
from bench.client import Client
from bench.errors import BenchError
from bench.machine import Stage
from rookery.cli.seed import PASSWORD
from rookery.kit.ids import first_id_at, wall_clock_ms
from rookery.kit.settings import Settings


class Size(Struct, frozen=True):
    """How large a network is; `crowds` are (accounts followed, how many readers follow so many)."""

    users: int
    posts: int
    follows: int
    crowds: Sequence[tuple[int, int]] = ()


USUAL = Size(users=6_000, posts=60_000, follows=240_000, crowds=((50, 100), (500, 100), (5_000, 20)))

# Follow counts as close to 40 as the network has them.
READERS = """
SELECT id, username FROM users.users JOIN users.counters ON user_id = id
WHERE username NOT LIKE 'crowd\\_%' ORDER BY abs(following_count - 40), id LIMIT $1
"""
AUTHORS = """
SELECT id, username FROM users.users JOIN users.counters ON user_id = id
WHERE username NOT LIKE 'crowd\\_%' ORDER BY abs(followers_count - 40), id LIMIT $1
"""
CROWD = "SELECT id, username FROM users.users WHERE username LIKE 'crowd\\_' || $1::int || '\\_%' ORDER BY id"

# $1: first id, $2: how many readers, $3: how many accounts each follows.
MAKE_CROWD = """
INSERT INTO users.users (id, username, email, password_hash)
SELECT $1::bigint + n, 'crowd_' || $3::int || '_' || n, 'crowd_' || $3 || '_' || n || '@example.org',
    (SELECT password_hash FROM users.users ORDER BY id LIMIT 1)
FROM generate_series(1, $2::int) n
"""
MAKE_CROWD_COUNTERS = """
INSERT INTO users.counters (user_id, following_count) SELECT $1::bigint + n, $3::int FROM generate_series(1, $2::int) n
"""
MAKE_CROWD_FOLLOWS = """
INSERT INTO users.follows (id, follower_id, followee_id)
SELECT $1::bigint + row_number() OVER (), $1 + n, followee.id
FROM generate_series(1, $2::int) n CROSS JOIN LATERAL (
    SELECT id FROM users.users WHERE username NOT LIKE 'crowd\\_%' ORDER BY hashint8extended(id, n) LIMIT $3::int
) followee
"""


class Account(Struct, frozen=True):
    id: int
    username: str


class Grant(Struct):
    access_token: str


async def seed(stage: Stage, size: Size = USUAL) -> None:
    """The network of `rookery seed`, and beside it readers who follow exactly so many accounts.

    In a process of its own, which can be stopped in the middle. Raises BenchError.
    """
    stage.step(f"seeding {size.users:,} users")
    options = (f"--{name}={getattr(size, name)}" for name in ("users", "posts", "follows"))
    code, output = await output_of(
        [sys.executable, "-m", "rookery", "seed", "--no-derive", *options], stage.environment
    )
    if code:
        raise BenchError(f"`rookery seed` failed: {output[-500:].strip()}")
    connection = await asyncpg.connect(stage.settings.database_url)
    try:
        for following, readers in size.crowds:
            stage.step(f"making {readers} readers who follow {following:,}")
            first = first_id_at(wall_clock_ms() - 60_000 - following * 10)
            for statement in (MAKE_CROWD, MAKE_CROWD_COUNTERS, MAKE_CROWD_FOLLOWS):
                await connection.execute(statement, first, readers, following)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


async def accounts(settings: Settings, query: str, argument: int) -> list[Account]:
    connection = await asyncpg.connect(settings.database_url)
    try:
        return [Account(row["id"], row["username"]) for row in await connection.fetch(query, argument)]
    finally:
        await connection.close()


async def sign_in(url: str, people: Sequence[Account]) -> list[str]:
    """Access tokens, by the front door."""
    return await asyncio.to_thread(_sign_in, url, people)


def _sign_in(url: str, people: Sequence[Account]) -> list[str]:
    client = Client(url)
    try:
        tokens = []
        for person in people:
            body = msgspec.json.encode({"login": person.username, "password": PASSWORD})
            tokens.append(msgspec.json.decode(client.post("/v1/sessions", body), type=Grant).access_token)
        return tokens
    finally:
        client.close()


async def visit(url: str, path: str, tokens: Sequence[str]) -> bytes:
    """One read by each, which makes them active and caches their timeline; the last answer."""
    return await asyncio.to_thread(_visit, url, path, tokens)


def _visit(url: str, path: str, tokens: Sequence[str]) -> bytes:
    client = Client(url)
    try:
        return [client.get(path, token) for token in tokens][-1]
    finally:
        client.close()
