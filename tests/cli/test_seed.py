"""`rookery seed`: what derives from a network's posts is there when it ends."""

from pathlib import Path

import asyncpg
import pytest

from rookery.cli.seed import seed_machine
from rookery.kit.ids import wall_clock_ms
from rookery.kit.settings import Settings
from tests.own_database import own_database

FILLED = ("search.popular_accounts", "search.post_terms", "search.topic_uses", "timelines.heat")
POSTS = "SELECT count(*) FROM posts.posts p JOIN users.users u ON u.id = p.author_id WHERE u.username = $1"


async def test_a_seeded_network_is_derived_from(
    postgres_url: str, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with own_database(postgres_url) as url:
        monkeypatch.setenv("ROOKERY_DATABASE_URL", url)
        monkeypatch.setenv("ROOKERY_CACHE_URL", settings.cache_url)
        username, _ = await seed_machine(tmp_path, 40, 300, None, 3, wall_clock_ms(), derived=True)
        connection = await asyncpg.connect(url)
        try:
            assert await connection.fetchval(POSTS, username) > 0
            for table in FILLED:
                assert await connection.fetchval(f"SELECT count(*) FROM {table}") > 0, table
        finally:
            await connection.close()
