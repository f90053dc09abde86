"""What is deleted without being asked for: unused uploads, and the objects of what is no longer there.

Rows go first, and leave a note of whose objects are to follow (`media.doomed`, written by triggers, so that an erased
account leaves one too). Objects are deleted twice, an hour apart: a request or a worker that was just writing when the
row went may leave one behind.
"""

import asyncio
from datetime import timedelta
from typing import Final

from rookery.kit.ids import first_id_at, wall_clock_ms
from rookery.kit.jobs import Job
from rookery.kit.settings import Settings
from rookery.media.addresses import object_path
from rookery.media.repository import Doomed, MediaRepository
from rookery.media.store import MediaStore
from rookery.media.temporary import clear_left

UNUSED_KEPT: Final = timedelta(days=1)
AT_ONCE: Final = 200
SECOND_ROUND_S: Final = 3600.0


def jobs(repository: MediaRepository, store: MediaStore, settings: Settings) -> list[Job]:
    async def collect() -> None:
        await collect_unused(repository, wall_clock_ms())
        await asyncio.to_thread(clear_left, settings)

    async def sweep() -> None:
        await delete_doomed(repository, store)

    return [Job("media.collect", 600, collect), Job("media.sweep", 5, sweep)]


async def collect_unused(repository: MediaRepository, now_ms: int) -> int:
    """Delete uploads that nobody posted within UNUSED_KEPT, and resumable ones that have expired; returns how many."""
    before_id = first_id_at(now_ms - int(UNUSED_KEPT.total_seconds() * 1000))
    deleted = 0
    while some := await repository.collect_unused(before_id, AT_ONCE):
        deleted += len(some)
    while some := await repository.collect_expired_uploads(AT_ONCE):
        deleted += len(some)
    return deleted


async def delete_doomed(repository: MediaRepository, store: MediaStore) -> None:
    """Delete the objects that are due. Raises Unavailable where the store is away; then they stay due."""
    while due := await repository.due_doomed(AT_ONCE):
        for doomed in due:
            await _delete_objects(doomed, store)
            if doomed.rounds:
                await repository.forget_doomed(doomed)
            else:
                await repository.doom_again(doomed, SECOND_ROUND_S)
    while names := await repository.due_files(AT_ONCE):
        await store.delete([object_path(name) for name in names])
        await repository.forget_files(names)


async def _delete_objects(doomed: Doomed, store: MediaStore) -> None:
    await store.delete_under(f"uploads/{doomed.media_id}/")
    if not doomed.only_sent:
        await store.delete_under(f"files/{doomed.media_id}/")
