"""What is deleted by itself, and that processing survives those who do it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from rookery.kit.database import Database
from rookery.kit.ids import wall_clock_ms
from rookery.kit.settings import Settings
from rookery.media.processing import ATTEMPTS_MAX, Processing
from rookery.media.repository import Lease, MediaRepository
from rookery.media.service import Media
from rookery.media.temporary import LEFT_S, clear_left, temp_folder
from rookery.media.upkeep import collect_unused, delete_doomed
from tests.media import files
from tests.media.conftest import Processed, upload
from tests.media.test_resumable import begin, send
from tests.media.test_uploads import Ready, objects_of
from tests.people import Person

Settle = Callable[[], Awaitable[None]]
DAY_MS = 24 * 3600 * 1000


@pytest.fixture
def database(media: Media) -> Database:
    return media.resources.database


async def test_unused_uploads_go_after_a_day_and_used_ones_stay(
    ana: Person, ready: Ready, media: Media, settle: Settle
) -> None:
    unused, used, face = [await ready(ana, files.png()) for _ in range(3)]
    await ana.post("look", media_ids=[used["id"]])
    await ana.request("PUT", "/v1/users/me/avatar", json={"media_id": face["id"]})
    await settle()

    await collect_unused(media.repository, wall_clock_ms() + DAY_MS - 3_600_000)
    assert (await ana.request("GET", f"/v1/media/{unused['id']}")).status_code == 200

    await collect_unused(media.repository, wall_clock_ms() + DAY_MS + 1)

    assert (await ana.request("GET", f"/v1/media/{unused['id']}")).status_code == 404
    assert (await ana.request("GET", f"/v1/media/{used['id']}")).status_code == 200
    avatar = (await ana.get("/v1/users/me"))["avatar_url"]
    assert (await ana.client.get(avatar)).status_code == 200
    await delete_doomed(media.repository, media.store)
    assert not await objects_of(media, f"files/{unused['id']}/")
    assert await objects_of(media, f"files/{used['id']}/")


async def test_expired_resumable_uploads_go(ana: Person, media: Media, database: Database) -> None:
    content = files.png()
    path = await begin(ana, len(content))
    await send(ana, path, 0, content[:200])
    upload_id = path.rpartition("/")[2]
    async with database.connection() as connection:
        await connection.execute("UPDATE media.uploads SET expires_at = now() WHERE id = $1", int(upload_id))

    assert (await send(ana, path, 200, content[200:])).status_code == 404
    await collect_unused(media.repository, wall_clock_ms())
    await delete_doomed(media.repository, media.store)

    assert not await objects_of(media, f"uploads/{upload_id}/")


async def test_an_erased_account_takes_its_files_along(
    ana: Person, ready: Ready, media: Media, database: Database
) -> None:
    done = await ready(ana, files.png())
    async with database.connection() as connection:
        await connection.execute("DELETE FROM users.users WHERE id = $1", int(ana.id))

    await delete_doomed(media.repository, media.store)

    assert not await objects_of(media, f"files/{done['id']}/")
    await media.resources.invalidations.publish(f"author:{ana.id}")
    assert (await ana.client.get(done["url"])).status_code == 404


async def test_objects_are_deleted_twice(ana: Person, ready: Ready, media: Media, database: Database) -> None:
    """What a slow request wrote after the first time goes with the second."""
    done = await ready(ana, files.png())
    await ana.delete(f"/v1/media/{done['id']}")
    await delete_doomed(media.repository, media.store)
    await media.store.put_file(f"files/{done['id']}/late", Path(__file__))

    async with database.connection() as connection:
        await connection.execute("UPDATE media.doomed SET due_at = now() WHERE media_id = $1", int(done["id"]))
    await delete_doomed(media.repository, media.store)

    assert not await objects_of(media, f"files/{done['id']}/")
    async with database.connection() as connection:
        left = await connection.fetchval("SELECT count(*) FROM media.doomed WHERE media_id = $1", int(done["id"]))
    assert left == 0


@pytest.fixture
def paused(media: Media, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """The running worker takes nothing up until what this gives is called."""

    async def nothing(*_: object) -> None:
        return None

    monkeypatch.setattr(media.repository, "lease", nothing)
    return monkeypatch.undo


async def leased(database: Database, media_id: str, attempts: int = 1) -> Lease:
    """Take an upload as a worker would that then says nothing for an hour."""
    async with database.connection() as connection:
        row = await connection.fetchrow(
            "UPDATE media.media SET state = 'processing', attempts = $2, leased_until = now() + interval '1 hour'"
            " WHERE id = $1 AND state = 'uploaded' RETURNING id, user_id, kind, format, chunks, attempts",
            int(media_id),
            attempts,
        )
    return Lease(**row, worn_out=False)


async def expire_lease(database: Database, media_id: str) -> None:
    async with database.connection() as connection:
        await connection.execute(
            "UPDATE media.media SET leased_until = now() - interval '1 s' WHERE id = $1", int(media_id)
        )


async def test_a_crash_in_the_middle_is_picked_up_again(
    ana: Person, paused: Callable[[], None], processed: Processed, media: Media, database: Database
) -> None:
    waiting = await upload(ana, files.png())
    lease = await leased(database, waiting["id"])
    paused()
    await asyncio.sleep(1)
    assert (await ana.get(f"/v1/media/{waiting['id']}"))["state"] == "processing"  # the lease keeps others away

    await expire_lease(database, waiting["id"])  # as if its worker had died
    done = await processed(ana, waiting)

    assert done["state"] == "ready"
    # The one that was thought dead comes too late to change anything.
    assert await media.repository.fail(lease, "late", "late") is None
    assert await media.repository.renew(lease, 60, 0.5) is None
    assert (await ana.get(f"/v1/media/{waiting['id']}"))["state"] == "ready"


async def test_a_file_that_takes_workers_down_ends_as_failed(
    ana: Person, paused: Callable[[], None], processed: Processed, database: Database
) -> None:
    waiting = await upload(ana, files.png())
    await leased(database, waiting["id"], attempts=ATTEMPTS_MAX)
    await expire_lease(database, waiting["id"])
    paused()

    done = await processed(ana, waiting)

    assert (done["state"], done["failure"]["code"]) == ("failed", "too_complex")


async def test_what_was_lost_from_the_store_fails(
    ana: Person, paused: Callable[[], None], processed: Processed, media: Media
) -> None:
    waiting = await upload(ana, files.png())
    await media.store.delete_under(f"uploads/{waiting['id']}/")
    paused()

    done = await processed(ana, waiting)

    assert (done["state"], done["failure"]["code"]) == ("failed", "lost")


class OneLease(MediaRepository):
    """A queue with one entry, which was leased already."""

    def __init__(self, database: Database, lease: Lease) -> None:
        super().__init__(database)
        self._lease = lease

    async def lease(self, lease_s: float, attempts_max: int) -> Lease | None:
        return self._lease


def children() -> list[psutil.Process]:
    return [each for each in psutil.Process().children() if "rookery.media.process" in each.cmdline()]


async def test_a_worker_that_stops_gives_back_what_it_had(
    ana: Person, paused: Callable[[], None], processed: Processed, media: Media, database: Database, tmp_path: Path
) -> None:
    waiting = await upload(ana, files.video(tmp_path / "made", size=(1280, 720), frames=150, sound=None))
    lease = await leased(database, waiting["id"])
    processing = Processing(media.resources, OneLease(database, lease), media.store, media.addresses)
    working = asyncio.create_task(processing.work_once())
    async with asyncio.timeout(30):
        while not children():
            await asyncio.sleep(0.01)

    working.cancel()
    await asyncio.gather(working, return_exceptions=True)

    assert not children()
    async with database.connection() as connection:
        row = await connection.fetchrow("SELECT state, attempts, leased_until FROM media.media WHERE id = $1", lease.id)
    assert tuple(row) == ("uploaded", 0, None)
    paused()
    assert (await processed(ana, waiting))["state"] == "ready"


async def test_a_deletion_ends_the_work(
    ana: Person,
    paused: Callable[[], None],
    media: Media,
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waiting = await upload(ana, files.video(tmp_path / "made", size=(1280, 720), frames=250, sound=None))
    lease = await leased(database, waiting["id"])
    monkeypatch.setattr("rookery.media.processing.RENEW_S", 0.05)
    processing = Processing(media.resources, OneLease(database, lease), media.store, media.addresses)
    working = asyncio.create_task(processing.work_once())
    async with asyncio.timeout(30):
        while not children():
            await asyncio.sleep(0.01)

    await ana.delete(f"/v1/media/{waiting['id']}")

    assert await asyncio.wait_for(working, 30)
    assert not children()
    await delete_doomed(media.repository, media.store)
    assert not await objects_of(media, f"files/{waiting['id']}/")


def test_what_a_killed_process_left_is_cleared(tmp_path: Path) -> None:
    settings = Settings(media_temp_dir=str(tmp_path / "temporary"))
    with temp_folder(settings) as folder:
        assert folder.parent == tmp_path / "temporary"
        (folder / "sent").write_bytes(b"some")
        (tmp_path / "temporary" / "of others").mkdir()
        assert clear_left(settings) == 0
        assert clear_left(settings, time.time() + LEFT_S + 1) == 1
        assert not folder.exists()
        folder.mkdir()
    assert [each.name for each in (tmp_path / "temporary").iterdir()] == ["of others"]


async def test_the_queue_is_asked_by_its_index(database: Database) -> None:
    queries: dict[str, Any] = {
        "media_waiting": (
            "SELECT id FROM media.media WHERE state IN ('uploaded', 'processing')"
            " AND (leased_until IS NULL OR leased_until < now()) ORDER BY (kind = 'video'), id LIMIT 1"
        ),
        "media_unused": "SELECT id FROM media.media WHERE NOT kept AND id < 1 ORDER BY id LIMIT 10",
        "media_by_user": "SELECT kind, count(*), sum(bytes) FROM media.media WHERE user_id = 1 GROUP BY kind",
        "media_by_post": "SELECT id FROM media.media WHERE post_id = 1",
    }
    async with database.transaction() as connection:
        await connection.execute("SET LOCAL enable_seqscan = off")
        for index, query in queries.items():
            plan = "\n".join(row[0] for row in await connection.fetch("EXPLAIN " + query))
            assert index in plan, plan
