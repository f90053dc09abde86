"""Jobs of workers: one at a time of each kind, however many workers and however small their pools."""

import asyncio
from collections.abc import AsyncIterator

import msgspec
import pytest

from rookery.gateway.wiring import Services
from rookery.kit.database import Database
from rookery.kit.jobs import Job, JobLocks, keep_running, lock_key, run_once
from rookery.kit.settings import Settings

END_HOLDER = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid::bigint = $1"


@pytest.fixture
async def locks(services: Services) -> AsyncIterator[JobLocks]:
    locks = JobLocks(services.resources.database.dsn)
    yield locks
    await locks.close()


@pytest.fixture
async def elsewhere(services: Services) -> AsyncIterator[JobLocks]:
    """The locks of another worker."""
    locks = JobLocks(services.resources.database.dsn)
    yield locks
    await locks.close()


async def test_jobs_that_run_at_once_do_not_wait_for_each_others_connections(
    services: Services, locks: JobLocks
) -> None:
    database = Database(services.resources.database.dsn, size=2)
    await database.open()
    all_run = asyncio.Barrier(8)

    async def run() -> None:
        await all_run.wait()
        async with database.connection() as connection:
            await connection.execute("SELECT 1")

    async with asyncio.timeout(20):
        assert all(await asyncio.gather(*(run_once(locks, Job(f"crowd.{n}", 1, run)) for n in range(8))))
    await database.close()


async def test_all_jobs_of_a_worker_run_at_once_with_the_smallest_pool(settings: Settings, locks: JobLocks) -> None:
    services = Services(msgspec.structs.replace(settings, database_pool_size=1))
    await services.open()
    jobs = [Job(f"small.{job.name}", job.every_s, job.run) for job in services.jobs()]
    assert len(jobs) > 5
    assert all(await asyncio.gather(*(run_once(locks, job) for job in jobs)))
    await services.close()


async def test_a_job_runs_in_one_worker_at_a_time(locks: JobLocks, elsewhere: JobLocks) -> None:
    begun, end = asyncio.Event(), asyncio.Event()

    async def run() -> None:
        begun.set()
        await end.wait()

    job = Job("one at a time", 1, run)
    first = asyncio.create_task(run_once(locks, job))
    await begun.wait()
    assert not await run_once(elsewhere, job)
    end.set()
    assert await first
    assert await run_once(elsewhere, job)


async def test_a_job_that_fails_or_is_cancelled_gives_its_lock_back(locks: JobLocks, elsewhere: JobLocks) -> None:
    begun = asyncio.Event()

    async def fail() -> None:
        raise ValueError

    async def hang() -> None:
        begun.set()
        await asyncio.sleep(60)

    with pytest.raises(ValueError):
        await run_once(locks, Job("unlucky", 1, fail))
    hanging = asyncio.create_task(run_once(locks, Job("unlucky", 1, hang)))
    await begun.wait()
    hanging.cancel()
    await asyncio.wait({hanging})
    assert await run_once(elsewhere, Job("unlucky", 1, lambda: asyncio.sleep(0)))


async def test_jobs_go_on_when_the_session_of_their_locks_was_lost(services: Services, locks: JobLocks) -> None:
    runs = 0

    async def run() -> None:
        nonlocal runs
        runs += 1
        if runs == 1:
            async with services.resources.database.connection() as connection:
                assert await connection.fetch(END_HOLDER, lock_key(job))

    job = Job("lost", 0.02, run)
    forever = asyncio.create_task(keep_running(locks, job))
    async with asyncio.timeout(20):
        while runs < 3:
            await asyncio.sleep(0.01)
    forever.cancel()
    await asyncio.wait({forever})
