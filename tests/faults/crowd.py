"""An author with thousands of followers who have all read their timelines lately, so that a fan-out takes its time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from rookery.contracts.users import Reader
from rookery.kit.cache import Cache
from rookery.kit.ids import first_id_at, wall_clock_ms
from rookery.timelines.store import TimelineStore
from rookery.users.graph.repository import readers
from tests.faults.machine import Machine
from tests.faults.truth import check_home
from tests.people import Person, sign_up

SIZE = 5_000
FANS = 2  # followers beyond those, who read over HTTP
HOUR_MS = 3600 * 1000
TOP = 2**63 - 1

# $1: the author, $2: the first id of the followers and their follows, $3: how many.
FOLLOWERS = """
WITH follower AS (
    INSERT INTO users.users (id, username, email, password_hash)
    SELECT $2::bigint + n, 'c' || $2::bigint + n, 'c' || $2::bigint + n || '@example.org', ''
    FROM generate_series(1, $3::int) n RETURNING id
), follow AS (
    INSERT INTO users.follows (id, follower_id, followee_id) SELECT id, id, $1 FROM follower
), counted AS (
    INSERT INTO users.counters (user_id, following_count) SELECT id, 1 FROM follower
)
INSERT INTO users.counters AS c (user_id, followers_count) VALUES ($1, $3)
ON CONFLICT (user_id) DO UPDATE SET followers_count = c.followers_count + $3
"""


class Crowd:
    """`readers` are in the order in which the fan-out reaches them."""

    def __init__(self, star: Person, fans: list[Person], followers: list[Reader], cache: Cache) -> None:
        self.star = star
        self.post_ids: list[str] = []
        self._fans = fans
        self._readers = followers
        self._store = TimelineStore(cache, size=800, active_s=3600)

    async def activate(self) -> None:
        """Make everybody's timeline stand in Valkey, empty and complete as it is."""

        async def build(reader: Reader) -> bool:
            token = await self._store.start_build(reader.id)
            return await self._store.finish_build(reader.id, token, reader.follows_version, [], complete=True)

        assert all(await asyncio.gather(*map(build, self._readers)))
        for fan in self._fans:
            assert await fan.home() == []

    async def post(self) -> None:
        self.post_ids.append((await self.star.post(f"{self.star.username} says {len(self.post_ids)}"))["id"])

    async def begun(self) -> bool:
        """Whether the newest post has reached the first follower."""
        return await self._has_newest(self._readers[0])

    async def ended(self) -> bool:
        """Whether it has reached the last one."""
        return await self._has_newest(self._readers[-1])

    async def check(self) -> None:
        """All timelines, as they stand in Valkey, have all posts, each once, newest first."""
        wanted = [int(post_id) for post_id in reversed(self.post_ids)]
        timelines = await asyncio.gather(*map(self._timeline, self._readers))
        assert sum(timeline != wanted for timeline in timelines) == 0
        for fan in self._fans:
            await check_home(fan, self.post_ids)

    async def _has_newest(self, reader: Reader) -> bool:
        return int(self.post_ids[-1]) in await self._timeline(reader)

    async def _timeline(self, reader: Reader) -> list[int]:
        cached = await self._store.read(reader.id, TOP, 2 * len(self.post_ids) + 1)
        assert cached is not None and cached.holds_for(reader.follows_version), "the timeline fell out of Valkey"
        return [entry.id for entry in cached.entries]


@asynccontextmanager
async def crowd_of(machine: Machine) -> AsyncIterator[Crowd]:
    """A new author's crowd, active."""
    star = await sign_up(machine.client, "star")
    first = first_id_at(wall_clock_ms() - HOUR_MS)
    async with machine.database() as connection:
        await connection.execute(FOLLOWERS, int(star.id), first, SIZE)
        found = await readers(connection, range(first + 1, first + SIZE + 1))
    fans = [await sign_up(machine.client, "fan") for _ in range(FANS)]
    for fan in fans:
        await fan.follow(star)
    cache = Cache(machine.valkey.url, blocking=True)  # thousands of replies at once may take their time
    await cache.open()
    try:
        crowd = Crowd(star, fans, [found[reader_id] for reader_id in sorted(found)], cache)
        await crowd.activate()
        yield crowd
    finally:
        await cache.close()
