"""Loads of one kind, with the CPU time that all processes spent meanwhile."""

from collections.abc import Sequence

from bench.machine import Machine, Step
from bench.report import Row
from bench.wrk import Load, Request, run_wrk


class Measured:
    """Add as many loads as there are rounds; the figures are over all of them, percentiles those of the median load."""

    def __init__(self, requests: Sequence[Request], *, connections: int, seconds: int) -> None:
        self._requests = requests
        self._connections = connections
        self._seconds = seconds
        self._loads: list[Load] = []
        self._cpu_s = 0.0

    async def add(self, machine: Machine) -> None:
        before = machine.cpu_s()
        load = await run_wrk(machine.url, self._requests, connections=self._connections, seconds=self._seconds)
        self._cpu_s += machine.cpu_s() - before
        self._loads.append(load)

    @property
    def cpu_us(self) -> float:
        """Microseconds of CPU per request."""
        return self._cpu_s * 1e6 / sum(load.requests for load in self._loads)

    @property
    def rate(self) -> float:
        """Requests per second."""
        return sum(load.requests for load in self._loads) / sum(load.duration_s for load in self._loads)

    @property
    def p50_ms(self) -> float:
        return _median([load.p50_ms for load in self._loads])

    @property
    def p99_ms(self) -> float:
        return _median([load.p99_ms for load in self._loads])


async def alternate(machine: Machine, rounds: int, loads: Sequence[Measured], step: Step) -> None:
    """So many rounds of one load each, in this order: what else the machine does meanwhile meets all alike."""
    for number in range(rounds):
        step(f"round {number + 1} of {rounds}")
        for load in loads:
            await load.add(machine)


def cpu_row(
    name: str, measured: Measured, yardstick: Measured, *, target: float | None, size: int | None = None, note: str
) -> Row:
    """CPU time per request beside that of the yardstick."""
    return Row(
        name=name,
        value=measured.cpu_us,
        unit="µs CPU",
        yardstick=yardstick.cpu_us,
        ratio=measured.cpu_us / yardstick.cpu_us,
        target=target,
        cpu_us=measured.cpu_us,
        p50_ms=measured.p50_ms,
        p99_ms=measured.p99_ms,
        size=size,
        note=note,
    )


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]
