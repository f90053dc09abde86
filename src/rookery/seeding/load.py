"""Copies a network into the database: COPY table by table, in one transaction, so that all is there or nothing."""

from collections.abc import Callable

import asyncpg

from rookery.kit.database import Connection
from rookery.seeding.network import Network, Row
from rookery.seeding.search import STAGES, load_search
from rookery.seeding.shape import SeedError

BATCH = 20_000

TABLES: list[tuple[str, str, str, list[str]]] = [
    # attribute, schema, table, columns
    ("users", "users", "users", ["id", "username", "email", "password_hash", "display_name", "pulled"]),
    ("user_counters", "users", "counters", ["user_id", "followers_count", "following_count", "posts_count"]),
    ("follows", "users", "follows", ["id", "follower_id", "followee_id"]),
    (
        "posts",
        "posts",
        "posts",
        [
            "id",
            "author_id",
            "content",
            "entities",
            "reply_to_id",
            "reply_to_author_id",
            "conversation_id",
            "quote_of_id",
            "lang",
        ],
    ),
    ("likes", "posts", "likes", ["id", "user_id", "post_id", "revision"]),
    ("reposts", "posts", "reposts", ["id", "user_id", "post_id", "author_id", "revision"]),
    (
        "post_counters",
        "posts",
        "counters",
        ["post_id", "likes_count", "reposts_count", "replies_count", "quotes_count"],
    ),
]


async def load(connection: Connection, network: Network, progress: Callable[[str, int, int], None]) -> None:
    """Copy all rows; `progress(table, done, total)` follows each batch. Raises SeedError when they are there."""
    try:
        async with connection.transaction():
            for attribute, schema, table, columns in TABLES:
                rows: list[Row] = getattr(network, attribute)
                for start in range(0, len(rows), BATCH):
                    batch = rows[start : start + BATCH]
                    await connection.copy_records_to_table(
                        table, schema_name=schema, columns=columns, records=batch, timeout=600
                    )
                    progress(f"{schema}.{table}", start + len(batch), len(rows))
            await load_search(connection, network, progress)
    except asyncpg.UniqueViolationError as error:
        raise SeedError("--seed: a network of this seed is there already; choose another number") from error
    for _, schema, table, _ in TABLES:
        await connection.execute(f"ANALYZE {schema}.{table}", timeout=600)
    for table in STAGES:
        await connection.execute(f"ANALYZE {table}", timeout=600)
