"""One supervisor for each `var`: an advisory lock that the system drops with its holder, however that ends."""

import fcntl
import os
from pathlib import Path
from types import TracebackType

from rookery.embedded.account import ensure_folder
from rookery.embedded.errors import EmbeddedError

LOCK_NAME = "rookery.lock"


class VarLock:
    """Held from `__enter__` to `__exit__`; children do not inherit it.

    The file stays: its first line is the last holder's process, a second one `host:port` where it is to listen.
    """

    def __init__(self, var: Path, address: tuple[str, int] | None = None) -> None:
        self.var = var
        self._second_line = f"{address[0]}:{address[1]}\n" if address else ""
        self.path = var / LOCK_NAME
        self._descriptor: int | None = None

    def __enter__(self) -> "VarLock":
        """Raises EmbeddedError when somebody holds it, or `var` cannot be written."""
        ensure_folder(self.var, mode=0o755)
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise EmbeddedError(f"cannot write {self.path}: {error.strerror}") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            who = f" (process {holder})" if (holder := holder_of(self.var)) else ""
            raise EmbeddedError(
                f"Rookery runs already in {self.var}{who}", "stop it first, or choose another --var"
            ) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n{self._second_line}".encode())
        self._descriptor = descriptor
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def holder_of(var: Path) -> int | None:
    """The process that holds the lock now; None when nobody does. 0: held, but the file does not say by whom."""
    try:
        with (var / LOCK_NAME).open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                text = file.readline().decode(errors="replace").strip()
                return int(text) if text.isdigit() else 0
    except FileNotFoundError:
        return None
    return None


def address_of(var: Path) -> tuple[str, int] | None:
    """Host and port that the last holder named; None when it named none, as commands and older versions do."""
    try:
        lines = (var / LOCK_NAME).read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return None
    host, separator, port = lines[1].rpartition(":") if len(lines) > 1 else ("", "", "")
    return (host, int(port)) if separator and port.isdecimal() else None
