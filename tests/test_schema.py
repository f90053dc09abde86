"""The schema keeps its promises: each named index serves its query, partitions are made ahead, the database refuses."""

import asyncpg
import pytest

from rookery.gateway.wiring import Services
from rookery.kit.database import Connection
from rookery.kit.jobs import JobLocks, run_once
from rookery.kit.upkeep import jobs

# Query, and the index (or the family of partition indexes) that must serve it.
INDEXED = {
    "username by hash": ("SELECT id FROM users.users WHERE lower(username) = 'ana'", "users_username_hash"),
    "e-mail by hash": ("SELECT id FROM users.users WHERE lower(email) = 'ana@example.org'", "users_email_hash"),
    "posts by time": (
        "SELECT id FROM posts.posts WHERE created_at >= now() - interval '1 minute' ORDER BY created_at LIMIT 10",
        "created_at_idx",
    ),
    "words by GIN": (
        "SELECT id FROM posts.posts WHERE to_tsvector('simple', content) @@ to_tsquery('simple', 'rook')",
        "to_tsvector_idx",
    ),
    "an author's posts": (
        "SELECT id FROM posts.posts WHERE author_id = 1 ORDER BY id DESC LIMIT 5",
        "author_id_id_idx",
    ),
    "followers": (
        "SELECT follower_id FROM users.follows WHERE followee_id = 1 AND id > 0 ORDER BY id",
        "follows_by_foll",
    ),
}

PARTITIONS = """
SELECT pt.partstrat::text AS strategy, pg_get_partkeydef(pt.partrelid) AS key, count(i.inhrelid) AS parts
FROM pg_partitioned_table pt LEFT JOIN pg_inherits i ON i.inhparent = pt.partrelid
WHERE pt.partrelid = $1::text::regclass GROUP BY 1, 2
"""


async def plan_of(connection: Connection, query: str) -> None:
    """Raises Undo with the plan for large tables: those of tests are small, so sequential scans are ruled out, and so
    are the unique B-trees beside the hash indexes, which cost as much there.
    """
    async with connection.transaction():
        await connection.execute("SET LOCAL enable_seqscan = off")
        await connection.execute("DROP INDEX users.users_username_key, users.users_email_key")
        rows = await connection.fetch(f"EXPLAIN {query}")
        raise Undo("\n".join(row[0] for row in rows))


class Undo(Exception):
    """Rolls the transaction back and carries the plan out of it."""


@pytest.mark.parametrize("name", INDEXED)
async def test_the_index_is_used(services: Services, name: str) -> None:
    query, index = INDEXED[name]
    with pytest.raises(Undo) as plan:
        async with services.resources.database.connection() as connection:
            await plan_of(connection, query)
    assert index in str(plan.value)


async def test_posts_are_partitioned_by_range_and_made_ahead(services: Services) -> None:
    async with services.resources.database.connection() as connection:
        row = await connection.fetchrow(PARTITIONS, "posts.posts")
        ahead = await connection.fetchval("SELECT to_regclass('posts.posts_' || to_char(now() + '1 month', 'YYYYMM'))")
    assert row["key"] == "RANGE (id)"
    assert row["parts"] >= 4
    assert ahead is not None


async def test_notifications_are_partitioned_by_list_on_is_read(services: Services) -> None:
    async with services.resources.database.connection() as connection:
        keys = await connection.fetch(
            "SELECT pg_get_partkeydef(partrelid) AS key FROM pg_partitioned_table"
            " WHERE partrelid::regclass::text LIKE 'notifications.%'"
        )
    assert "LIST (is_read)" in {row["key"] for row in keys}


async def test_a_look_up_by_id_reaches_one_partition(services: Services) -> None:
    async with services.resources.database.connection() as connection:
        plan = await connection.fetch(
            f"EXPLAIN SELECT content FROM posts.posts WHERE id = {services.resources.ids.next()}"
        )
    assert sum(" on posts_" in row[0] for row in plan) == 1


async def test_the_upkeep_makes_partitions_and_forgets(services: Services) -> None:
    database = services.resources.database
    async with database.connection() as connection:
        await connection.execute(
            "INSERT INTO kit.idempotency_keys (user_id, key, request_hash, status, body, created_at)"
            " VALUES (0, 'of last week', '', 201, '', now() - interval '7 days')"
        )
    locks = JobLocks(database.dsn)
    for job in jobs(database):
        assert await run_once(locks, job)
    await locks.close()
    async with database.connection() as connection:
        assert not await connection.fetchval("SELECT count(*) FROM kit.idempotency_keys WHERE key = 'of last week'")


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        ("INSERT INTO users.follows (id, follower_id, followee_id) VALUES (1, 1, 1)", asyncpg.CheckViolationError),
        ("INSERT INTO users.follows (id, follower_id, followee_id) VALUES (1, 1, 2)", asyncpg.ForeignKeyViolationError),
        (
            "INSERT INTO users.users (id, username, email, password_hash) VALUES (1, 'no spaces', 'a@b.c', '')",
            asyncpg.CheckViolationError,
        ),
        (
            "INSERT INTO users.users (id, username, email, password_hash) VALUES (1, NULL, 'a@b.c', '')",
            asyncpg.NotNullViolationError,
        ),
        (
            "INSERT INTO posts.likes (id, user_id, post_id, revision) VALUES (1, 1, 1, 1)",
            asyncpg.ForeignKeyViolationError,
        ),
    ],
)
async def test_the_database_refuses_what_cannot_be(services: Services, statement: str, error: type[Exception]) -> None:
    async with services.resources.database.connection() as connection:
        with pytest.raises(error):
            await connection.execute(statement)
