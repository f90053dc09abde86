"""Running several: what fails is said, and the others go on."""

import io
from contextlib import asynccontextmanager
from typing import Any

import pytest
from bench.errors import BenchError
from bench.machine import Step
from bench.main import ALONE, ON_THE_NETWORK, Outcome, run
from bench.report import Row
from rich.console import Console

from bench import main
from rookery.cli.bench import NAMES


def test_every_benchmark_can_be_named() -> None:
    assert set(NAMES) == {*ON_THE_NETWORK, *ALONE}


async def fails(step: Step) -> list[Row]:
    raise BenchError("no memory to measure")


async def breaks(step: Step) -> list[Row]:
    raise ZeroDivisionError("division by zero")


async def works(step: Step) -> list[Row]:
    step("nearly there")
    return [Row(name="start", value=1.0, unit="s")]


async def test_a_failed_benchmark_is_reported_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main, "ALONE", {"fan-out": fails, "memory": breaks, "start": works})
    outcome, said = Outcome(), io.StringIO()
    await run(outcome, ["start", "memory", "fan-out"], Console(file=said, width=140))
    assert [row.name for row in outcome.rows] == ["start"]
    assert outcome.failures == {"fan-out": "no memory to measure", "memory": "ZeroDivisionError: division by zero"}
    assert set(outcome.took_s) == {"start", "memory", "fan-out"}
    assert "fan-out failed: no memory to measure" in said.getvalue()
    assert "in breaks" in said.getvalue()  # where nobody foresaw it, the traceback


async def test_without_the_network_its_benchmarks_have_failed_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    @asynccontextmanager
    async def no_servers(step: Step) -> Any:
        raise OSError("no space left")
        yield

    monkeypatch.setattr(main, "servers", no_servers)
    monkeypatch.setattr(main, "ALONE", {"start": works})
    outcome = Outcome()
    await run(outcome, ["home-read", "live", "start"], Console(file=io.StringIO()))
    assert outcome.failures == dict.fromkeys(("home-read", "live"), "OSError: no space left")
    assert [row.name for row in outcome.rows] == ["start"]
