"""`rookery doctor`: each finding, and the exit code."""

import os
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from click.testing import CliRunner

from rookery.cli import doctor
from rookery.cli.doctor import Finding
from rookery.embedded.errors import EmbeddedError
from rookery.embedded.lock import VarLock
from rookery.embedded.machine import Machine
from rookery.embedded.postgres import Postgres


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Nothing runs, nothing is there yet, and nothing is wrong."""
    dist = tmp_path / "dist"
    dist.mkdir()
    (dist / "index.html").write_text("<!doctype html>")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return Machine(tmp_path / "var", "127.0.0.1", port, {"ROOKERY_WEB_DIST": str(dist)})


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        yield listener.getsockname()[1]


def problems(findings: list[Finding]) -> list[str]:
    return [finding.text for finding in findings if finding.mend]


def run(machine: Machine) -> tuple[int, str]:
    """Exit code and report of the command itself."""
    options = ["--var", str(machine.var), "--port", str(machine.port)]
    clean = {name: None for name in os.environ if name.startswith("ROOKERY_")}
    done = CliRunner().invoke(doctor.command, options, env={**clean, **machine.environ})
    return done.exit_code, done.output


def test_a_fresh_machine_is_well_and_stays_untouched(machine: Machine) -> None:
    code, report = run(machine)
    assert code == 0, report
    assert all(line.startswith("ok ") for line in report.splitlines())
    for text in (
        "Python 3.",
        "PostgreSQL is installed",
        "Valkey is installed",
        "GiB of disk",
        "no data yet",
        "confined by limits",
    ):
        assert text in report
    assert f"Rookery does not run; port {machine.port} is free" in report
    assert not machine.var.exists()


def test_a_problem_is_shown_with_its_mending_and_exit_code_1(machine: Machine) -> None:
    (machine.var / "postgres").mkdir(parents=True)
    (machine.var / "postgres" / "PG_VERSION").write_text("16\n")
    code, report = run(machine)
    assert code == 1
    assert f"problem  {machine.var}/postgres was made by PostgreSQL 16, this is 18\n         -> move it away" in report


def test_a_missing_web_build_asks_for_node_and_npm(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    texts = problems(list(doctor.check_web(tmp_path)))
    assert texts == [f"the web app is not built ({tmp_path})", "Node.js is missing", "npm is missing"]


@pytest.mark.parametrize(("version", "well"), [("v18.20.1", False), ("v20.0.0", True), ("v22.1.0", True), ("", False)])
def test_an_old_node_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, well: bool) -> None:
    node = tmp_path / "node"
    node.write_text(f"#!/bin/sh\necho {version}\n")
    node.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert bool(doctor.check_node().mend) is not well


def test_little_disk_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not doctor.check_disk(tmp_path / "not" / "yet").mend
    monkeypatch.setattr(doctor, "FREE_DISK_MIN_BYTES", shutil.disk_usage(tmp_path).total + 1)
    assert doctor.check_disk(tmp_path).mend


def test_a_file_in_the_place_of_var_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")
    assert doctor.check_var(tmp_path / "var" / "inner").mend
    assert not doctor.check_var(tmp_path / "fresh").mend


async def test_a_taken_port_is_a_problem(machine: Machine, taken: int) -> None:
    findings = await doctor.examine_servers(machine._replace(port=taken))
    assert len(problems(findings)) == 1 and f"port {taken} is taken" in problems(findings)[0]


async def test_a_run_that_does_not_answer_is_a_problem(machine: Machine) -> None:
    with VarLock(machine.var):
        texts = problems(await doctor.examine_servers(machine))
    assert any(f"Rookery runs (process {os.getpid()}), but not ready" in text for text in texts)
    assert any("the database does not answer" in text for text in texts)
    assert any("the cache does not answer" in text for text in texts)


@pytest.mark.parametrize("option", [True, False])
def test_the_port_is_that_of_the_run_unless_it_is_given(machine: Machine, taken: int, option: bool) -> None:
    """PORT in the environment is what the next start would take, not what was given."""
    options = ["--var", str(machine.var), *(["--port", str(machine.port)] if option else [])]
    environ = {**dict.fromkeys(name for name in os.environ if name.startswith("ROOKERY_")), "PORT": "1"}
    with VarLock(machine.var, ("127.0.0.1", taken)):
        report = CliRunner().invoke(doctor.command, options, env=environ).output
    assert f"not ready at http://127.0.0.1:{machine.port if option else taken}" in report


def test_nothing_that_runs_keeps_the_options(machine: Machine, taken: int) -> None:
    with VarLock(machine.var, ("127.0.0.1", taken)):
        assert doctor.as_it_runs(machine, ()).port == taken
    assert doctor.as_it_runs(machine, ()) == machine


async def test_servers_that_answer_are_well(machine: Machine, postgres_url: str, valkey_url: str) -> None:
    given = {"ROOKERY_DATABASE_URL": postgres_url, "ROOKERY_CACHE_URL": valkey_url}
    findings = await doctor.examine_servers(machine._replace(environ=given))
    texts = [finding.text for finding in findings]
    assert "the database answers" in texts and "the cache answers" in texts
    assert all("migration" in text for text in problems(findings))


async def test_missing_migrations_are_a_problem(postgres_url: str) -> None:
    """template1 has none, and every server has a template1."""
    findings = await doctor.check_database(postgres_url.replace("@/rookery?", "@/template1?"))
    assert [finding.mend for finding in findings] == ["", "run `rookery migrate`"]


async def test_what_is_no_valkey_is_a_problem(taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "ANSWER_TIMEOUT_S", 0.1)
    assert (await doctor.check_cache(f"redis://127.0.0.1:{taken}")).mend
    assert (await doctor.check_cache("redis://127.0.0.1:1")).mend
    assert (await doctor.check_cache("nonsense")).mend


@pytest_asyncio.fixture(scope="module")
async def made() -> AsyncIterator[Path]:
    """A `var` with the data of a server that was stopped."""
    folder = Path(tempfile.mkdtemp(prefix="rookery-"))
    folder.chmod(0o755)
    server = Postgres(folder / "var", durable=False)
    await server.start()
    await server.stop()
    yield folder / "var"
    shutil.rmtree(folder)


@pytest.fixture
def stopped(made: Path, machine: Machine) -> Iterator[Machine]:
    """A copy of it, to be damaged; with its owner, and under a path that the servers' account may pass."""
    var = Path(tempfile.mkdtemp(prefix="rookery-")) / "var"
    var.parent.chmod(0o755)
    subprocess.run(["cp", "-a", made, var], check=True)
    yield machine._replace(var=var)
    shutil.rmtree(var.parent)


def remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def test_data_of_a_stopped_server_are_well(stopped: Machine) -> None:
    code, report = run(stopped)
    assert code == 0, report
    assert f"ok       {stopped.var}/postgres holds data" in report


def test_an_orderly_end_of_sessions_is_no_failed_start(stopped: Machine) -> None:
    with (stopped.var / "log" / "postgres.log").open("a") as log:
        log.write(
            "2026-01-01 00:00:00.000 UTC [7] FATAL:  terminating autovacuum process due to administrator command\n"
        )
        log.write('2026-01-01 00:00:00.000 UTC [8] rookery@nobody FATAL:  database "nobody" does not exist\n')
    assert problems(list(doctor.check_data(stopped.var))) == []


@pytest.mark.parametrize("part", ["PG_VERSION", "global/pg_control", "base", "pg_wal"])
async def test_missing_parts_of_the_data_are_a_problem_and_refused(stopped: Machine, part: str) -> None:
    data = stopped.var / "postgres"
    remove(data / part)
    mend = f"restore a backup of {data}, or move the folder away to begin with an empty one"
    (finding,) = doctor.check_data(stopped.var)
    assert f"{part} is missing)" in finding.text and finding.mend == mend
    with pytest.raises(EmbeddedError, match=f"{part} is missing") as refused:
        await Postgres(stopped.var, durable=False).start()
    assert refused.value.mend == mend


def damaged_control(data: Path) -> None:
    path = data / "global" / "pg_control"
    path.write_bytes(b"x" * path.stat().st_size)


def cut_control(data: Path) -> None:
    os.truncate(data / "global" / "pg_control", 10)


def no_log_files(data: Path) -> None:
    for path in (data / "pg_wal").iterdir():
        if path.is_file():
            path.unlink()


@pytest.mark.parametrize("damage", [damaged_control, cut_control, no_log_files])
async def test_damaged_data_are_a_problem_before_and_after_a_failed_start(
    stopped: Machine, damage: Callable[[Path], None]
) -> None:
    data = stopped.var / "postgres"
    damage(data)
    (before,) = doctor.check_data(stopped.var)
    assert before.text.startswith(f"{data} is damaged (")
    assert before.mend == f"restore a backup of {data}, or move the folder away to begin with an empty one"
    with pytest.raises(EmbeddedError, match="PostgreSQL did not start") as refused:
        await Postgres(stopped.var, durable=False).start()
    assert refused.value.mend == before.mend
    _, after = doctor.check_data(stopped.var)
    assert re.search(r"the last start of PostgreSQL failed: .*(FATAL|PANIC): ", after.text)
    assert after.mend == before.mend


async def test_a_missing_database_folder_is_told_with_its_mending(stopped: Machine) -> None:
    shutil.rmtree(stopped.var / "postgres" / "base" / "5")
    with pytest.raises(EmbeddedError, match="base/5") as refused:
        await Postgres(stopped.var, durable=False).start()
    assert "restore a backup" in refused.value.mend
    assert "\n" not in str(refused.value)
