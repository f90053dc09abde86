"""PostgreSQL as a child: what survives, what is mended, what is refused."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import asyncpg
import psutil
import pytest
import pytest_asyncio

from rookery.embedded.errors import EmbeddedError
from rookery.embedded.postgres import Postgres
from rookery.embedded.process import LAUNCH
from tests.embedded.fakes import alive, family, until

AS_ROOT = os.geteuid() == 0


@pytest_asyncio.fixture
async def server(var: Path) -> AsyncIterator[Postgres]:
    """Not started."""
    server = Postgres(var, durable=False)
    yield server
    await server.stop()


@pytest_asyncio.fixture(scope="module")
async def kept() -> AsyncIterator[Postgres]:
    """Running, with a table `kept` of one row; the tests that share it kill it in their own ways."""
    folder = Path(tempfile.mkdtemp(prefix="rookery-"))
    folder.chmod(0o755)
    server = Postgres(folder / "var", durable=False)
    connection = await asyncpg.connect(await server.start())
    await connection.execute("CREATE TABLE kept AS SELECT 1 AS number")
    await connection.close()
    yield server
    await server.stop()
    shutil.rmtree(folder)


async def check_kept(server: Postgres) -> None:
    """Start it if it does not run; the row must be there."""
    url = server.url if server.pid else await server.start()
    connection = await asyncpg.connect(url)
    try:
        assert await connection.fetchval("SELECT count(*) FROM kept") == 1
    finally:
        await connection.close()


async def test_committed_rows_survive_a_killed_postmaster(kept: Postgres) -> None:
    await check_kept(kept)
    pid = kept.pid
    assert pid is not None
    connection = await asyncpg.connect(kept.url)
    await connection.execute("INSERT INTO kept VALUES (2)")
    os.kill(pid, signal.SIGKILL)
    assert await kept.wait() == -signal.SIGKILL
    assert not await kept.healthy()
    connection.terminate()
    connection = await asyncpg.connect(await kept.start())
    assert await connection.execute("DELETE FROM kept WHERE number = 2") == "DELETE 1"
    await connection.close()
    assert kept.pid != pid


async def test_a_new_run_recovers_after_everything_was_killed(kept: Postgres) -> None:
    await check_kept(kept)
    assert kept.pid is not None
    pids = family(kept.pid)
    for pid in pids:
        with suppress(ProcessLookupError):  # some end by themselves once the first is gone
            os.kill(pid, signal.SIGKILL)
    await until(lambda: not any(alive(pid) for pid in pids))
    assert (kept.data / "postmaster.pid").exists() and (kept.socket_folder / kept.socket_name).exists()
    heir = Postgres(kept.var, durable=False)
    try:
        await check_kept(heir)
    finally:
        await heir.stop()


async def test_a_server_left_behind_is_ended_first(kept: Postgres) -> None:
    await check_kept(kept)
    left_behind = kept.pid
    heir = Postgres(kept.var, durable=False)
    try:
        await check_kept(heir)
        assert heir.pid != left_behind and not alive(left_behind)
    finally:
        await heir.stop()


async def test_a_pid_file_that_names_a_foreign_process_is_ignored(kept: Postgres) -> None:
    await check_kept(kept)
    lines = (kept.data / "postmaster.pid").read_text().splitlines()
    await kept.stop()
    lines[0] = str(os.getppid())
    (kept.data / "postmaster.pid").write_text("\n".join(lines) + "\n")
    await check_kept(kept)


async def test_stop_leaves_no_process(kept: Postgres) -> None:
    await check_kept(kept)
    assert kept.pid is not None
    pids = family(kept.pid)
    await kept.stop()
    assert not any(alive(pid) for pid in pids)
    assert kept.pid is None


async def test_the_folders_are_closed_to_others(kept: Postgres) -> None:
    await check_kept(kept)
    for folder in (kept.data, kept.socket_folder):
        assert folder.stat().st_mode & 0o077 == 0
        assert folder.stat().st_uid == kept.account.uid != 0


async def test_damaged_data_are_reported_with_the_servers_own_words(kept: Postgres) -> None:
    await check_kept(kept)
    await kept.stop()
    control = kept.data / "global" / "pg_control"
    healthy = control.read_bytes()
    os.truncate(control, 10)
    with pytest.raises(EmbeddedError, match=r"PostgreSQL did not start: .*pg_control.*postgres\.log"):
        await kept.start()
    assert kept.pid is None
    control.write_bytes(healthy)
    await check_kept(kept)


async def test_durable_is_the_default(var: Path) -> None:
    server = Postgres(var)
    connection = await asyncpg.connect(await server.start())
    try:
        for name in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums"):
            assert await connection.fetchval("SELECT current_setting($1)", name) == "on", name
    finally:
        await connection.close()
        await server.stop()


@pytest.mark.parametrize("version", ["17\n", "", "garbage"])
async def test_data_of_another_version_are_refused(server: Postgres, version: str) -> None:
    server.data.mkdir(parents=True)
    (server.data / "PG_VERSION").write_text(version)
    with pytest.raises(EmbeddedError, match=r"was made by PostgreSQL .* this is 18"):
        await server.start()


async def test_a_folder_without_version_is_refused_and_left_alone(server: Postgres) -> None:
    server.data.mkdir(parents=True)
    (server.data / "diary.txt").write_text("mine")
    with pytest.raises(EmbeddedError, match="PG_VERSION is missing"):
        await server.start()
    assert (server.data / "diary.txt").read_text() == "mine"


async def test_a_file_in_the_place_of_the_folder_is_refused(server: Postgres) -> None:
    server.var.mkdir()
    server.data.write_text("")
    with pytest.raises(EmbeddedError, match="in the way"):
        await server.start()


async def test_an_interrupted_initdb_is_begun_again(server: Postgres) -> None:
    fresh = server.var / "postgres.new"
    fresh.mkdir(parents=True)
    (fresh / "PG_VERSION").write_text("18\n")
    await server.start()
    assert await server.healthy() and not fresh.exists()


@pytest.mark.parametrize("name", ["with 'quotes', ümläut & 100%", "x" * 100])
async def test_any_path_will_do(var: Path, name: str) -> None:
    server = Postgres(var.parent / name / "var", durable=False)
    try:
        await server.start()
        assert await server.healthy()
        assert server.var not in server.socket_folder.parents
    finally:
        await server.stop()
        server.socket_folder.rmdir()


@pytest.mark.skipif(not (AS_ROOT and sys.platform == "linux"), reason="needs root on Linux")
async def test_root_may_keep_it_behind_a_closed_folder(server: Postgres) -> None:
    server.var.parent.chmod(0o700)
    await server.start()
    assert await server.healthy()
    assert server.pid is not None
    assert psutil.Process(server.pid).uids().effective == server.account.uid != 0
    assert server.var.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(not (AS_ROOT and sys.platform == "linux"), reason="needs root on Linux to become somebody else")
async def test_an_ordinary_user_can_run_it_too(server: Postgres) -> None:
    server.var.mkdir()
    os.chown(server.var, server.account.uid, server.account.gid)
    script = (
        "import asyncio, os, pathlib, sys; from rookery.embedded.postgres import Postgres\n"
        "server = Postgres(pathlib.Path(sys.argv[1]), durable=False)\n"
        "async def main():\n"
        "    await server.start()\n"
        "    print(os.getuid(), server.account.switch, await server.healthy())\n"
        "    await server.stop()\n"
        "asyncio.run(main())"
    )
    account = f"{server.account.uid}:{server.account.gid}"
    launch = [sys.executable, "-I", "-S", str(LAUNCH), str(os.getpid()), "15", account, "reach"]
    done = subprocess.run(
        [*launch, sys.executable, "-c", script, str(server.var)], capture_output=True, text=True, check=False
    )
    assert (done.stderr, done.stdout.split()) == ("", [str(server.account.uid), "False", "True"])
