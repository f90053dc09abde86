"""What PostgreSQL and Valkey have in common as children: folders, account, start, readiness, end."""

import asyncio
import os
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path

from rookery.embedded import account as accounts
from rookery.embedded.errors import EmbeddedError
from rookery.embedded.process import Child, Command, last_log_line

READY_POLL_S = 0.02


class Server(ABC):
    """One server under `var`. Start and stop as often as you like.

    The caller makes sure that nobody else uses the same `var` at that time (the supervisor locks it).
    """

    name: str
    title: str
    socket_name: str
    # Words that mark the line of the log that says why it did not start.
    failure_marks: Sequence[str]
    # A server that ends instead of getting ready is noticed at once; this bounds one that hangs.
    start_timeout_s: float
    once = False
    ready_when_started = True

    def __init__(self, var: Path, home: str) -> None:
        self.var = var.resolve()
        self.home = self.var / home
        self.log = self.var / "log" / f"{self.name}.log"
        self._account: accounts.Account | None = None
        self._sockets: Path | None = None
        self._child: Child | None = None
        self._log_start = 0

    @property
    def pid(self) -> int | None:
        """None when it does not run."""
        return self._child.pid if self._child else None

    @property
    def account(self) -> accounts.Account:
        """Whom it runs as."""
        if self._account is None:
            self._account = accounts.choose_account(self.var, self.home)
        return self._account

    @property
    def socket_folder(self) -> Path:
        """What pgbench and psql take as `--host`. Made when first asked for."""
        if self._sockets is None:
            self._sockets = accounts.socket_folder(self.var, self.account, self.socket_name)
        return self._sockets

    @abstractmethod
    async def start(self) -> str:
        """Start, wait until ready, return the URL. Raises EmbeddedError, with nothing left running."""

    @abstractmethod
    async def is_ready(self) -> bool:
        """Whether the process started last accepts clients."""

    @abstractmethod
    async def answers(self) -> bool:
        """Whether a server, be it ours or another process's, answers in time at the address of this `var`."""

    async def healthy(self) -> bool:
        """Whether our child runs and answers in time."""
        return self.pid is not None and await self.answers()

    def last_words(self) -> str:
        """The line of its log since its last start that says best why it ended; '' when it said nothing."""
        return last_log_line(self.log, self._log_start, self.failure_marks)

    def mend_for(self, reason: str) -> str:
        """How to mend what kept it from starting; '' where we do not know."""
        return ""

    async def stop(self) -> None:
        """Ask, insist, kill; harmless when it does not run."""
        if self._child is not None:
            await self._child.stop()

    async def wait(self) -> int:
        """Return the exit code once it has ended."""
        if self._child is None:
            raise RuntimeError("start the server first")
        await self._child.wait()
        return self._child.exit_code or 0

    def _prepare_folders(self) -> None:
        accounts.ensure_folder(self.var, mode=0o755)
        accounts.ensure_folder(self.log.parent, mode=0o755)
        self._account = self._sockets = None
        accounts.ensure_folder(self.socket_folder, self.account)

    async def _run(self, command: Command) -> None:
        """Start the command and wait until ready."""
        self._log_start = self.log.stat().st_size if self.log.exists() else 0
        child = self._child = Child(command)
        child.start()
        deadline = time.monotonic() + self.start_timeout_s
        while not await self.is_ready():
            if not child.running:
                reason = self.last_words() or "no reason given"
                raise EmbeddedError(f"{self.title} did not start: {reason} (more in {self.log})", self.mend_for(reason))
            if time.monotonic() >= deadline:
                await child.stop()
                raise EmbeddedError(f"{self.title} was not ready in {self.start_timeout_s:.0f} s (see {self.log})")
            await asyncio.sleep(READY_POLL_S)


def clean_environment() -> dict[str, str]:
    """None of the caller's PG* variables; messages in English; times in UTC."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
