"""The seeded network that the benchmarks run on, and access tokens of some of its people."""

import time

import asyncpg
import httpx
from msgspec import Struct

from rookery.cli.seed import PASSWORD
from rookery.kit.settings import Settings
from rookery.seeding.network import Wish
from rookery.seeding.run import seed_database

USERS, POSTS, FOLLOWS = 3_000, 30_000, 120_000

# Follow counts as close to 40 as the network has them.
READERS = """
SELECT id, username FROM users.users JOIN users.counters ON user_id = id
ORDER BY abs(following_count - 40), id LIMIT $1
"""
AUTHORS = """
SELECT id, username FROM users.users JOIN users.counters ON user_id = id
ORDER BY abs(followers_count - 40), id LIMIT $1
"""


class Account(Struct, frozen=True):
    id: int
    username: str


async def seed(settings: Settings) -> None:
    """3,000 accounts that follow 40 others on average, and 30,000 posts."""
    until_ms = int(time.time() * 1000)
    wish = Wish(users=USERS, posts=POSTS, follows=FOLLOWS, seed=1, until_ms=until_ms, fanout_threshold=10**9)
    await seed_database(settings, wish, PASSWORD, lambda *_: None)


async def accounts(settings: Settings, query: str, count: int) -> list[Account]:
    connection = await asyncpg.connect(settings.database_url)
    try:
        return [Account(row["id"], row["username"]) for row in await connection.fetch(query, count)]
    finally:
        await connection.close()


async def sign_in(url: str, people: list[Account]) -> list[str]:
    """Access tokens, by the front door."""
    tokens = []
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        for person in people:
            answer = await client.post("/v1/sessions", json={"login": person.username, "password": PASSWORD})
            answer.raise_for_status()
            tokens.append(answer.json()["access_token"])
    return tokens
