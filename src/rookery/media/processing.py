"""From what was sent to what is served, off the request: a bounded pool of child processes in each worker.

PostgreSQL is the queue. A worker leases one row after the other; a lease that its worker does not renew ends, and
another takes the row up. ATTEMPTS_MAX bounds how often: a file that takes workers down with it ends as failed.
"""

import asyncio
from pathlib import Path
from typing import Final

import msgspec
import structlog
from msgspec import Struct

from rookery.contracts.media import StoredFile
from rookery.kit import live
from rookery.kit.cache import CacheError
from rookery.kit.live import LiveEvent
from rookery.kit.problems import Unavailable
from rookery.kit.resources import Resources
from rookery.media.addresses import Addresses, object_path
from rookery.media.children import job_for, run_child
from rookery.media.process.jobs import Done, Failed, Job
from rookery.media.repository import Lease, MediaRepository, Processed
from rookery.media.store import MediaStore
from rookery.media.temporary import temp_folder

POLL_S: Final = 0.5
LEASE_S: Final = 60.0
RENEW_S: Final = 2.0  # and so often progress is told
ATTEMPTS_MAX: Final = 3
RETRY_S: Final = 5.0

log = structlog.get_logger(__name__)


class MediaProgress(Struct, frozen=True, kw_only=True):
    """What the owner is told over `/v1/stream`. `failure` is a stable code; GET /v1/media/{id} has the sentence."""

    id: str
    state: str
    progress: float
    post_id: str | None = None
    failure: str | None = None


class Processing:
    def __init__(
        self, resources: Resources, repository: MediaRepository, store: MediaStore, addresses: Addresses
    ) -> None:
        self._resources = resources
        self._settings = resources.settings
        self._repository = repository
        self._store = store
        self._addresses = addresses

    async def run(self) -> None:
        """For ever; cancel to end. What is under way then is given back."""
        await asyncio.gather(*(self._keep_working() for _ in range(self._settings.media_processes)))

    async def _keep_working(self) -> None:
        while True:
            try:
                if not await self.work_once():
                    await asyncio.sleep(POLL_S)
            except Unavailable as error:
                log.warning("media.waiting", error=repr(error))
                await asyncio.sleep(RETRY_S)
            except Exception:
                log.exception("media.failed")
                await asyncio.sleep(RETRY_S)

    async def work_once(self) -> bool:
        """Process the next of the queue; False when nothing waits."""
        lease = await self._repository.lease(LEASE_S, ATTEMPTS_MAX)
        if lease is None:
            return False
        if lease.worn_out:
            await self._fail(lease, Failed("too_complex", "could not be processed, however often it was tried"))
            return True
        try:
            await self._process(lease)
        except FileNotFoundError:
            await self._fail(lease, Failed("lost", "is no longer there; send it again"))
        except asyncio.CancelledError:
            await self._repository.give_back(lease)
            raise
        return True

    async def _process(self, lease: Lease) -> None:
        with temp_folder(self._settings) as folder:
            source = folder / "source"
            await self._store.fetch(lease.chunks, source)
            results = folder / "results"
            results.mkdir()
            job = job_for(lease.kind, lease.format, source, results, self._settings, avif=self._settings.media_avif)
            answer = await self._run(lease, job)
            if answer is None:
                return
            if isinstance(answer, Failed):
                await self._fail(lease, answer)
                return
            files = await keep_results(lease.id, answer, results, self._store, self._addresses)
            await self._finish(lease, processed_of(answer, files))

    async def _run(self, lease: Lease, job: Job) -> Done | Failed | None:
        """The child's answer, while our lease is kept alive; None when the media is not ours any more."""
        share = 0.0

        def note(value: float) -> None:
            nonlocal share
            share = value

        child = asyncio.create_task(run_child(job, note))
        try:
            while not child.done():
                post_id = await self._repository.renew(lease, LEASE_S, share)
                if post_id is None:
                    return None
                await self._tell(lease, MediaProgress(id=str(lease.id), state="processing", progress=round(share, 2)))
                await asyncio.wait([child], timeout=RENEW_S)
        finally:
            if not child.done():
                child.cancel()
                await asyncio.gather(child, return_exceptions=True)
        outcome = child.result()
        log.info("media.processed", media_id=lease.id, status=outcome.status, peak_bytes=outcome.peak_bytes)
        return outcome.answer

    async def _finish(self, lease: Lease, processed: Processed) -> None:
        post_id = await self._repository.finish(lease, processed)
        if post_id is not None:
            await self._ended(lease, MediaProgress(id=str(lease.id), state="ready", progress=1.0), post_id)

    async def _fail(self, lease: Lease, failure: Failed) -> None:
        post_id = await self._repository.fail(lease, failure.code, failure.detail)
        if post_id is not None:
            told = MediaProgress(id=str(lease.id), state="failed", progress=1.0, failure=failure.code)
            await self._ended(lease, told, post_id)

    async def _ended(self, lease: Lease, told: MediaProgress, post_id: int) -> None:
        """Caches first, so that who asks because of the news gets the new state."""
        keys = [f"media:{lease.id}", *([f"post:{post_id}"] if post_id else [])]
        await self._resources.invalidations.publish(*keys)
        await self._tell(lease, msgspec.structs.replace(told, post_id=str(post_id) if post_id else None))

    async def _tell(self, lease: Lease, told: MediaProgress) -> None:
        """Over the live log, which is a convenience: who misses it asks GET /v1/media/{id}."""
        try:
            event = LiveEvent(live.MEDIA, lease.user_id, msgspec.json.encode(told))
            await live.publish(self._resources.cache, [event])
        except CacheError as error:
            log.info("media.not_told", media_id=lease.id, error=str(error))


async def keep_results(
    media_id: int, done: Done, folder: Path, store: MediaStore, addresses: Addresses
) -> list[StoredFile]:
    """Put what a child made into the store, under names that its content gives. Doing it again changes nothing."""
    files = []
    for result in done.results:
        path = folder / Path(result.file).name
        name = await asyncio.to_thread(addresses.name_of, media_id, path, result.type)
        await store.put_file(object_path(name), path)
        files.append(
            StoredFile(
                role=result.role,
                name=name,
                type=result.type,
                width=result.width,
                height=result.height,
                size_bytes=path.stat().st_size,
            )
        )
    return files


def processed_of(done: Done, files: list[StoredFile]) -> Processed:
    return Processed(
        kind=done.kind,
        size_bytes=sum(file.size_bytes for file in files),
        files=files,
        width=done.width,
        height=done.height,
        duration_ms=done.duration_ms,
        placeholder=done.placeholder,
        color=done.color,
    )
