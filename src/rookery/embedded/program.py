"""Our own commands as children: `rookery migrate`, `rookery serve`, `rookery work`."""

import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from rookery.embedded.errors import EmbeddedError
from rookery.embedded.process import Child, Command, last_log_line

# In the environment of every program under a supervisor, and of what it starts: the `var` that it belongs to.
MARKER = "ROOKERY_SUPERVISED_BY"


@dataclass
class Program:
    """A command under supervision. `environment` is asked at each start: addresses are known only by then.

    A program that runs `once` is waited for at its start, and its failure is an error.
    """

    name: str
    argv: Sequence[str]
    log: Path
    environment: Callable[[], Mapping[str, str]]
    once: bool = False
    ready_when_started = False
    stop_grace_s: float = 15.0
    _child: Child | None = field(default=None, repr=False)
    _log_start: int = field(default=0, repr=False)

    @property
    def pid(self) -> int | None:
        """None when it does not run."""
        return self._child.pid if self._child else None

    async def start(self) -> None:
        self._log_start = self.log.stat().st_size if self.log.exists() else 0
        stops = [(signal.SIGTERM, self.stop_grace_s)]
        self._child = Child(Command(self.name, self.argv, self.environment(), self.log, stop_signals=stops))
        self._child.start()
        if self.once and (code := await self.wait()):
            reason = self.last_words() or describe_exit(code)
            raise EmbeddedError(f"{self.name} failed: {reason} (more in {self.log})")

    def last_words(self) -> str:
        """The last line since the start that names an error, or the last one at all."""
        return last_log_line(self.log, self._log_start, ["Error", "Exception"])

    async def wait(self) -> int:
        """Return the exit code once it has ended."""
        if self._child is None:
            raise RuntimeError("start the program first")
        await self._child.wait()
        return self._child.exit_code or 0

    async def stop(self) -> None:
        if self._child is not None:
            await self._child.stop()


def describe_exit(code: int) -> str:
    """`exit code 3`, or `signal SIGKILL`."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"signal {signal.Signals(-code).name}"
    except ValueError:
        return f"signal {-code}"


def end_orphans(var: Path) -> int:
    """Kill what a killed supervisor of this `var` left behind; returns how many. The caller holds its lock.

    They keep no state worth a farewell, and one of them may hold the port.
    """
    orphans = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARKER) == str(var):
                process.kill()
                orphans.append(process)
        except psutil.Error:
            continue
    psutil.wait_procs(orphans, timeout=10)
    return len(orphans)
