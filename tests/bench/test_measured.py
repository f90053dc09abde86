"""Loads: one of each in turn, their figures over all rounds, and what wrk says."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from bench.errors import BenchError, MissingToolError
from bench.machine import Machine
from bench.measured import Measured, alternate, cpu_row
from bench.wrk import Load, run_wrk, same_path

needs_wrk = pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is not installed")


@asynccontextmanager
async def answering(status: bytes, seen: list[bytes]) -> AsyncIterator[str]:
    """A server that answers all with this status; yields its URL."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                seen.append(head)
                writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 2\r\n\r\n{}")
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()


class Recorded(Measured):
    """Loads that are made up, in the order in which they are asked for."""

    def __init__(self, name: str, order: list[str], cpu_s: list[float], loads: list[Load]) -> None:
        super().__init__([], connections=1, seconds=1)
        self._name = name
        self._order = order
        self._coming = list(zip(cpu_s, loads, strict=True))

    async def add(self, machine: Machine) -> None:
        self._order.append(self._name)
        cpu_s, load = self._coming.pop(0)
        self._cpu_s += cpu_s
        self._loads.append(load)


async def test_yardstick_and_measured_alternate_and_all_rounds_count() -> None:
    order: list[str] = []
    steps: list[str] = []
    machine = Machine("http://127.0.0.1:1", os.getpid(), [])
    static = Recorded("static", order, [0.1, 0.3], [Load(1_000, 0, 1.0, 1, 2), Load(3_000, 0, 2.0, 3, 4)])
    home = Recorded("home", order, [0.5, 0.7], [Load(2_000, 0, 1.0, 1, 9), Load(1_000, 0, 1.0, 2, 8)])
    await alternate(machine, 2, [static, home], steps.append)
    assert order == ["static", "home", "static", "home"]
    assert steps == ["round 1 of 2", "round 2 of 2"]
    assert static.cpu_us == pytest.approx(100)
    assert static.rate == pytest.approx(4_000 / 3)
    row = cpu_row("home-read", home, static, target=4.5, note="")
    assert (row.value, row.yardstick, row.ratio) == pytest.approx((400, 100, 4))
    assert row.met


@needs_wrk
async def test_requests_are_taken_in_turn_with_their_tokens_and_their_cpu_time_is_counted() -> None:
    seen: list[bytes] = []
    async with answering(b"200 OK", seen) as url:
        machine = Machine(url, os.getpid(), [os.getpid()])
        measured = Measured(same_path("/v1/x", ["one", "two"]), connections=2, seconds=1)
        before = machine.cpu_s()
        await measured.add(machine)
        used_s = machine.cpu_s() - before
    tokens = {line for head in seen for line in head.split(b"\r\n") if line.startswith(b"Authorization")}
    assert tokens == {b"Authorization: Bearer one", b"Authorization: Bearer two"}
    assert all(head.startswith(b"GET /v1/x ") for head in seen)
    assert 0.2 * used_s < measured.cpu_us * len(seen) / 1e6 < 1.2 * used_s
    assert 0 < measured.p50_ms <= measured.p99_ms


@needs_wrk
@pytest.mark.parametrize("status", [b"500 Internal Server Error", b"404 Not Found"])
async def test_refused_requests_are_no_measurement(status: bytes) -> None:
    async with answering(status, []) as url:
        with pytest.raises(BenchError, match="requests failed"):
            await run_wrk(url, [("/", "")], connections=1, seconds=1)


async def test_without_wrk_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MissingToolError, match="apt-get install wrk"):
        await run_wrk("http://127.0.0.1:1", [("/", "")], connections=1, seconds=1)
