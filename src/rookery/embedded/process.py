"""One child process: in its own session, tied to our life, logging to a bounded file, stopped with escalation."""

import asyncio
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from rookery.embedded.account import Account, needs_reach
from rookery.embedded.errors import EmbeddedError

LAUNCH = Path(__file__).with_name("launch.py")
# Times two: the file and the one before it.
LOG_MAX_BYTES = 10 * 1024 * 1024
# Ends are noticed by asking, less and less often: it needs no thread, no signal handler and no lasting event loop.
POLL_S, POLL_MAX_S = 0.01, 0.2


@dataclass(frozen=True)
class Command:
    """What to run. `argv[0]` is an absolute path; `env` is the whole environment; account None is who we are.

    `stop_signals` are sent in order, each with the seconds to wait before the next; SIGKILL to all that is left of
    the session comes last. `death_signal` reaches the child when we die (Linux).
    """

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    log: Path
    account: Account | None = None
    cwd: Path | None = None
    paths: Sequence[Path] = ()
    stop_signals: Sequence[tuple[signal.Signals, float]] = ((signal.SIGTERM, 10.0),)
    death_signal: signal.Signals = signal.SIGTERM


@dataclass
class Child:
    """A running or ended command. The event loop that starts it need not be the one that stops it.

    On Linux the child dies with the *thread* that started it, so start it from one that lasts.
    """

    command: Command
    _process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def pid(self) -> int | None:
        """None before the start and after the end."""
        return self._process.pid if self._process is not None and self.running else None

    @property
    def running(self) -> bool:
        return self._process is not None and self.exit_code is None

    @property
    def exit_code(self) -> int | None:
        """Negative: the signal that ended it. None: still running, or never started.

        Whoever learns first that it ended also kills what is left of its session: later, the number of the session
        may belong to somebody else.
        """
        if self._process is None or self._process.returncode is not None:
            return None if self._process is None else self._process.returncode
        if self._process.poll() is not None:
            kill_group(self._process.pid)
        return self._process.returncode

    def start(self) -> None:
        """Spawn; returns before the program is ready for anything. Raises EmbeddedError for an unwritable log."""
        command = self.command
        with open_log(command.log, command.account) as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own fixed commands
                launch_argv(command),
                env=dict(command.env),
                cwd=command.cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    async def wait(self, timeout_s: float | None = None) -> bool:
        """True once it has ended; False when the time is over first."""
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        pause_s = POLL_S
        while self.running:
            if deadline is not None and time.monotonic() >= deadline:
                return False
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, POLL_MAX_S)
        return True

    async def stop(self) -> None:
        """Ask, insist, kill. Returns when nothing of its session is left; harmless when it has ended already."""
        if self._process is None:
            return
        for signal_number, grace_s in self.command.stop_signals:
            if not self.running:
                return
            self._process.send_signal(signal_number)
            if await self.wait(grace_s):
                return
        kill_group(self._process.pid)
        await self.wait()


def launch_argv(command: Command) -> list[str]:
    account = command.account
    who = f"{account.uid}:{account.gid}" if account is not None and account.switch else "-"
    paths = (Path(command.argv[0]), *command.paths)
    reach = "reach" if account is not None and needs_reach(account, *paths) else "-"
    launcher = [sys.executable, "-I", "-S", str(LAUNCH), str(os.getpid()), str(int(command.death_signal))]
    return [*launcher, who, reach, *command.argv]


def kill_group(group: int) -> None:
    """SIGKILL to all members of a session that we started."""
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):  # macOS says EPERM for a group of zombies
        return


def open_log(path: Path, account: Account | None = None) -> io.FileIO:
    try:
        rotate(path)
        file = path.open("ab", buffering=0)
    except OSError as error:
        raise EmbeddedError(f"cannot write {path}: {error.strerror}") from error
    if account is not None and account.switch:
        os.fchown(file.fileno(), account.uid, account.gid)
    return file


def rotate(path: Path) -> None:
    """Copy the log aside and empty it in place once it is full.

    The child keeps its descriptor (opened for appending), so nobody has to reopen; lines written during the copy of at
    most `LOG_MAX_BYTES` can be lost. Bound on disk: about twice that, plus what is written between two calls.
    """
    try:
        if path.stat().st_size < LOG_MAX_BYTES:
            return
        older = path.with_suffix(path.suffix + ".1")
        with path.open("rb") as source, older.open("wb") as target:
            source.seek(-LOG_MAX_BYTES, os.SEEK_END)
            while chunk := source.read(1 << 20):
                target.write(chunk)
        os.truncate(path, 0)
    except FileNotFoundError:
        return


def last_log_line(path: Path, start: int, markers: Sequence[str]) -> str:
    """The last line after byte `start` that holds a marker, or the last one at all; '' for an empty log."""
    try:
        with path.open("rb") as file:
            file.seek(start)
            lines = file.read().decode(errors="replace").splitlines()
    except FileNotFoundError:
        return ""
    wanted = [line for line in lines if any(marker in line for marker in markers)] or lines
    return wanted[-1].strip() if wanted else ""


def processes_in(folder: Path, names: Sequence[str]) -> list[psutil.Process]:
    """Processes of these program names whose working folder is `folder`: what a killed run left behind."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.name() in names and process.cwd() == str(folder.resolve()):
                found.append(process)
        except psutil.Error:
            continue
    return found


async def end_leftovers(folder: Path, names: Sequence[str], first: signal.Signals, grace_s: float = 30.0) -> int:
    """End what a killed run left behind in this folder; returns how many there were.

    The caller holds the lock on `var`, so no living supervisor owns them.
    """
    leftovers = processes_in(folder, names)
    for number, wait_s in ((first, grace_s), (signal.SIGKILL, grace_s)):
        for process in leftovers:
            try:
                process.send_signal(number)
            except psutil.NoSuchProcess:
                continue
        deadline = time.monotonic() + wait_s
        while processes_in(folder, names) and time.monotonic() < deadline:
            await asyncio.sleep(POLL_S)
        if not processes_in(folder, names):
            break
    return len(leftovers)
