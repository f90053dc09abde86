"""Posts that are written together: each durable when acknowledged, nobody paying for another's fault."""

import asyncio

import asyncpg
import pytest

from rookery.contracts.events import PostCreated
from rookery.kit.database import Connection, Database
from rookery.posts.group_commit import GroupCommit
from rookery.posts.rendering import PostRow
from rookery.posts.repository import PostRepository, outbox_values
from rookery.posts.service import Posts
from tests.people import Person
from tests.posts.looking import events_of


class CountingRepository(PostRepository):
    """Remembers how many posts each statement held."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.sizes: list[int] = []

    async def create_posts(
        self, posts: list[tuple[PostRow, dict[str, object]]], connection: Connection | None = None
    ) -> None:
        self.sizes.append(len(posts))
        await super().create_posts(posts, connection)


def post_of(posts: Posts, author_id: int) -> tuple[PostRow, dict[str, object]]:
    post_id = posts.resources.ids.next()
    row = PostRow(id=post_id, author_id=author_id, content="together", entities="{}", conversation_id=post_id)
    return row, outbox_values(PostCreated(event_id=posts.resources.ids.next(), post_id=post_id, author_id=author_id))


async def test_posts_of_one_moment_share_statements(posts: Posts, database: Database, ana: Person) -> None:
    repository = CountingRepository(database)
    commit = GroupCommit(repository)
    drafts = [post_of(posts, int(ana.id)) for _ in range(200)]
    await asyncio.gather(*(commit.store(*draft) for draft in drafts))
    assert sum(repository.sizes) == 200
    assert max(repository.sizes) <= 64
    assert len(repository.sizes) < 10
    stored = {row.id for row in await repository.posts([row.id for row, _ in drafts])}
    assert stored == {row.id for row, _ in drafts}
    told = {event.post_id for event in await events_of(database, ana) if isinstance(event, PostCreated)}
    assert told >= stored


async def test_one_that_is_refused_takes_no_other_with_it(posts: Posts, database: Database, ana: Person) -> None:
    repository = CountingRepository(database)
    commit = GroupCommit(repository)
    nobody = posts.resources.ids.next()
    drafts = [post_of(posts, nobody if n == 7 else int(ana.id)) for n in range(20)]
    outcomes = await asyncio.gather(*(commit.store(*draft) for draft in drafts), return_exceptions=True)
    assert [n for n, outcome in enumerate(outcomes) if outcome is not None] == [7]
    assert isinstance(outcomes[7], asyncpg.ForeignKeyViolationError)
    stored = {row.id for row in await repository.posts([row.id for row, _ in drafts])}
    assert stored == {row.id for n, (row, _) in enumerate(drafts) if n != 7}


async def test_who_leaves_does_not_disturb_the_others(posts: Posts, database: Database, ana: Person) -> None:
    commit = GroupCommit(PostRepository(database))
    drafts = [post_of(posts, int(ana.id)) for _ in range(6)]
    tasks = [asyncio.create_task(commit.store(*draft)) for draft in drafts]
    await asyncio.sleep(0)
    tasks[3].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert [n for n, task in enumerate(tasks) if task.cancelled()] == [3]
    stored = {row.id for row in await PostRepository(database).posts([row.id for row, _ in drafts])}
    assert stored >= {row.id for n, (row, _) in enumerate(drafts) if n != 3}


class InStepRepository(PostRepository):
    """The first two statements end in the same turn of the event loop."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._both_ended = asyncio.Event()
        self._ended = 0

    async def create_posts(
        self, posts: list[tuple[PostRow, dict[str, object]]], connection: Connection | None = None
    ) -> None:
        await super().create_posts(posts, connection)
        self._ended += 1
        if self._ended == 2:
            asyncio.get_running_loop().call_soon(self._both_ended.set)
        await self._both_ended.wait()


async def test_who_comes_as_the_writers_end_is_not_left_waiting(posts: Posts, database: Database, ana: Person) -> None:
    repository = InStepRepository(database)
    commit = GroupCommit(repository)
    drafts = [post_of(posts, int(ana.id)) for _ in range(3)]

    async def store(*some: tuple[PostRow, dict[str, object]]) -> None:
        for draft in some:
            await commit.store(*draft)

    first = asyncio.create_task(store(drafts[0], drafts[2]))
    await asyncio.sleep(0)  # a writer of its own for each
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await asyncio.gather(first, store(drafts[1]))
    stored = {row.id for row in await repository.posts([row.id for row, _ in drafts])}
    assert stored == {row.id for row, _ in drafts}


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"Content-Type": "application/json"}, b'{"content":"short way"}', 201),
        ({"Content-Type": "application/json; charset=utf-8"}, b'{"content":"long way"}', 201),
        ({"Content-Type": "application/json"}, b'{"content":"x","unknown":1}', 400),
        ({"Content-Type": "application/json"}, b'{"content":" "}', 400),
        ({"Content-Type": "application/json"}, b"", 400),
        ({"Content-Type": "text/plain"}, b'{"content":"x"}', 415),
    ],
)
async def test_both_ways_answer_alike(ana: Person, headers: dict[str, str], body: bytes, status: int) -> None:
    answer = await ana.request("POST", "/v1/posts", content=body, headers=headers)
    assert answer.status_code == status
    assert answer.headers["cache-control"] == "no-store"
    if status == 201:
        assert answer.json()["author"]["id"] == ana.id
    else:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == status
