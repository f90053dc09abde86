"""The whole machine as one process tree: start, kills of every kind, the next start. Real PostgreSQL and Valkey."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import asyncpg
import psutil
import pytest
import pytest_asyncio

from rookery.cli.doctor import as_it_runs, examine_servers
from rookery.embedded.errors import EmbeddedError
from rookery.embedded.lock import holder_of
from rookery.embedded.machine import Machine, environment_of, is_ready, run_machine, services
from rookery.embedded.postgres import Postgres
from tests.embedded.fakes import alive, family, started, until

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Run:
    """One `fake_machine` process."""

    def __init__(self, var: Path, port: int) -> None:
        self.var, self.port = var, port
        self.output = var.parent / "output"
        argv = [sys.executable, "-m", "tests.embedded.fake_machine", str(var), str(port)]
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(argv, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
        self.tree: list[int] = []

    async def until_said(self, text: str, times: int = 1) -> None:
        await until(lambda: self.output.read_text().count(text) >= times or self.process.poll() is not None)
        assert self.process.poll() is None, self.output.read_text()

    async def until_up(self, times: int = 1) -> None:
        await self.until_said("Rookery is at", times)
        self.tree = family(self.process.pid)

    async def until_gone(self) -> None:
        await until(lambda: self.process.poll() is not None)
        await until(lambda: not any(alive(pid) for pid in self.tree))

    def children_named(self, name: str) -> list[int]:
        return [p.pid for p in psutil.Process(self.process.pid).children() if p.name() == name]


@pytest_asyncio.fixture
async def runs(var: Path) -> AsyncIterator[list[Run]]:
    """Runs to be ended after the test, however it went."""
    runs: list[Run] = []
    yield runs
    for run in runs:
        if run.process.poll() is None:
            run.process.terminate()
        run.process.wait()


async def launch(runs: list[Run], var: Path, port: int) -> Run:
    runs.append(Run(var, port))
    await runs[-1].until_up(times=len(runs))
    return runs[-1]


async def test_a_day_in_the_life(var: Path, runs: list[Run]) -> None:
    """One test for what would need the same slow start again and again."""
    port = free_port()
    run = await launch(runs, var, port)
    assert await is_ready("127.0.0.1", port)
    assert holder_of(var) == run.process.pid
    await write_row(var)
    await doctor_sees_it(Machine(var, "127.0.0.1", port, {}))

    await refuses_a_second_run(var)
    await repairs_its_servers(run)
    await leaves_nobody_when_killed(run)

    again = await launch(runs, var, port)
    assert "that a killed run had left behind" in run.output.read_text()
    await read_row(var)
    await survives_the_death_of_all(again)

    last = await launch(runs, var, port)
    await read_row(var)
    last.process.send_signal(signal.SIGINT)
    await last.until_gone()
    assert last.process.returncode == 0
    assert holder_of(var) is None


async def write_row(var: Path) -> None:
    connection = await asyncpg.connect(Postgres(var).url)
    await connection.execute("CREATE TABLE kept AS SELECT 1 AS number")
    await connection.close()


async def doctor_sees_it(machine: Machine) -> None:
    findings = [finding.text for finding in await examine_servers(machine)]
    assert findings[0].startswith(f"Rookery runs at {machine.url} (process ")
    assert findings[1:2] + findings[-1:] == ["the database answers", "the cache answers"]
    elsewhere = machine._replace(port=free_port())
    assert as_it_runs(elsewhere, {"host"}) == machine
    assert as_it_runs(elsewhere, {"port"}) == elsewhere


async def read_row(var: Path) -> None:
    connection = await asyncpg.connect(Postgres(var).url)
    assert await connection.fetchval("SELECT number FROM kept") == 1
    await connection.close()


async def refuses_a_second_run(var: Path) -> None:
    argv = [sys.executable, "-m", "tests.embedded.fake_machine", str(var), str(free_port())]
    second = await asyncio.to_thread(subprocess.run, argv, cwd=ROOT, capture_output=True, text=True, check=False)
    assert second.returncode == 1
    assert second.stderr.startswith(f"Error: Rookery runs already in {var.resolve()} (process ")
    assert second.stderr.count("\n") == 1


async def repairs_its_servers(run: Run) -> None:
    for name, program in (("postgres", "postgres"), ("valkey", "valkey-server")):
        (pid,) = run.children_named(program)
        os.kill(pid, signal.SIGKILL)
        await run.until_said(f"{name} ended unexpectedly (signal SIGKILL); starting it again")
        await run.until_said(f"{name} runs again")
    run.tree = family(run.process.pid)


async def leaves_nobody_when_killed(run: Run) -> None:
    """The kernel tells the children; only what refuses the polite request stays, until the next start."""
    stubborn = [*started(run.var, "work"), *started(run.var, "work-child")]
    assert stubborn
    run.process.kill()
    run.process.wait()
    if sys.platform == "linux":
        await until(lambda: not any(alive(pid) for pid in run.tree if pid not in stubborn))


async def survives_the_death_of_all(run: Run) -> None:
    """All at once: the supervisor is held still, so that it repairs nothing; some end by themselves meanwhile."""
    supervisor, *children = family(run.process.pid)
    os.kill(supervisor, signal.SIGSTOP)
    for pid in (*children, supervisor):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    await run.until_gone()


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        yield int(listener.getsockname()[1])


async def test_a_taken_port_is_refused_before_anything_starts(var: Path, taken_port: int) -> None:
    with pytest.raises(EmbeddedError, match=rf"port {taken_port} is taken.*: choose another"):
        await run_machine(Machine(var, "127.0.0.1", taken_port, {}), print)
    assert not (var / "postgres").exists()


def test_the_environment_of_our_programs(var: Path) -> None:
    var.mkdir()
    machine = Machine(var, "0.0.0.0", 8123, {"ROOKERY_LOG_LEVEL": "debug", "ROOKERY_PUBLIC_URL": "https://a.example"})
    environment = environment_of(machine)
    assert environment["ROOKERY_PORT"] == environment["PORT"] == "8123"
    assert environment["ROOKERY_LOG_LEVEL"] == "debug"
    assert environment["ROOKERY_PUBLIC_URL"] == "https://a.example"
    assert environment["ROOKERY_SECRET_KEY"] == (var / "secret_key").read_text().strip()
    assert environment_of(Machine(var, "::", 8123, {}))["ROOKERY_PUBLIC_URL"] == "http://[::1]:8123"


def test_servers_that_are_given_are_not_started(var: Path) -> None:
    var.mkdir()
    own = [service.name for service in services(Machine(var, "127.0.0.1", 8123, {}))]
    assert own == ["postgres", "valkey", "migrate", "serve", "work"]
    given = {"ROOKERY_DATABASE_URL": "postgresql://db/rookery", "ROOKERY_CACHE_URL": "redis://cache"}
    theirs = [service.name for service in services(Machine(var, "127.0.0.1", 8123, given))]
    assert theirs == ["migrate", "serve", "work"]
