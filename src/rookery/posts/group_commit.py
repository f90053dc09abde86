"""Posts that are created at the same moment share one statement, so one transaction and one wait for the disk.

The first one leaves at once; those that come while WRITERS_MAX statements are under way leave together in the next.
PostgreSQL's own group commit saves the wait for the disk, this saves the statements as well. Each post is acknowledged
when the transaction that holds it is durable. A batch that is refused for one post's sake is written one by one, so
that nobody pays for another's fault.
"""

import asyncio
from typing import Any, Final, NamedTuple

import asyncpg

from rookery.posts.rendering import PostRow
from rookery.posts.repository import PostRepository

WRITERS_MAX: Final = 2
POSTS_MAX: Final = 64  # in one statement


class _Waiting(NamedTuple):
    row: PostRow
    outbox: dict[str, Any]
    stored: "asyncio.Future[None]"


class GroupCommit:
    """Writes posts with their events. What waits is bounded by the requests that wait for it."""

    def __init__(self, repository: PostRepository) -> None:
        self._repository = repository
        self._waiting: list[_Waiting] = []
        self._writers: set[asyncio.Task[None]] = set()
        self._writing = 0  # writers that will look for more; their tasks stay in the set a turn longer

    async def store(self, row: PostRow, outbox: dict[str, Any]) -> None:
        """Returns when the post and its event are durable; raises what the repository raises."""
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(row, outbox, stored))
        if self._writing < WRITERS_MAX:
            self._writing += 1
            writer = asyncio.create_task(self._write())
            self._writers.add(writer)
            writer.add_done_callback(self._writers.discard)
        await stored

    async def _write(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:POSTS_MAX], self._waiting[POSTS_MAX:]
                await self._write_together(batch)
        finally:
            self._writing -= 1

    async def _write_together(self, batch: list[_Waiting]) -> None:
        try:
            await self._repository.create_posts([(each.row, each.outbox) for each in batch])
        except asyncpg.PostgresError as error:
            await self._write_apart(batch, error)
        except BaseException as error:
            _settle(batch, error)
            if not isinstance(error, Exception):
                raise
        else:
            _settle(batch, None)

    async def _write_apart(self, batch: list[_Waiting], refusal: asyncpg.PostgresError) -> None:
        """PostgreSQL refused the batch, so none of it is stored."""
        if len(batch) == 1:
            _settle(batch, refusal)
            return
        for each in batch:
            try:
                await self._repository.create_posts([(each.row, each.outbox)])
            except Exception as error:
                _settle([each], error)
            else:
                _settle([each], None)


def _settle(batch: list[_Waiting], error: BaseException | None) -> None:
    for each in batch:
        if each.stored.done():  # whoever asked has gone
            continue
        if error is None:
            each.stored.set_result(None)
        elif isinstance(error, Exception):
            each.stored.set_exception(error)
        else:
            each.stored.cancel()
