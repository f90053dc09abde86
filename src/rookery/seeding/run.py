"""Seeding from a wish to rows in the database."""

import asyncio
from collections.abc import Callable

import asyncpg
from argon2 import PasswordHasher

from rookery.kit.settings import Settings
from rookery.kit.text import extract
from rookery.posts.content import entities_json, with_ids
from rookery.seeding.load import load
from rookery.seeding.network import Network, NetworkBuilder, Wish

Progress = Callable[[str, int, int], None]


async def seed_database(settings: Settings, wish: Wish, password: str, progress: Progress) -> tuple[str, Network]:
    """Build the network that `wish` describes and load it; returns the name of its most followed writer, and the rows.

    All accounts have the same password and share one hash of it. Raises SeedError.
    """
    hasher = PasswordHasher(time_cost=settings.argon2_time_cost, memory_cost=settings.argon2_memory_kib)
    builder = NetworkBuilder(wish, hasher.hash(password), stored_entities)
    network = await asyncio.to_thread(builder.build, progress)
    connection = await asyncpg.connect(settings.database_url)
    try:
        await load(connection, network, progress)
    finally:
        await connection.close()
    return builder.most_followed(), network


def stored_entities(content: str, ids_by_username: dict[str, int]) -> str:
    """What the posts service would store beside this text."""
    return entities_json(with_ids(extract(content), ids_by_username))
