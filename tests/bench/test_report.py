"""Rows: what their targets say of them, the table, and the files."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from bench.report import Row, show, write, write_latest
from rich.console import Console

KEYS = {"name", "value", "unit", "yardstick", "ratio", "target", "met", "cpu_us", "p50_ms", "p99_ms"}


def row(name: str = "home-read", **fields: Any) -> Row:
    return Row(**{"name": name, "value": 30.0, "unit": "µs CPU", "yardstick": 20.0, "ratio": 1.5, **fields})


@pytest.mark.parametrize(
    ("fields", "met"),
    [
        ({"target": 1.6}, True),
        ({"target": 1.5}, True),
        ({"target": 1.4}, False),
        ({"target": 1.6, "at_most": False}, False),
        ({"target": 1.5, "at_most": False}, True),
        ({"target": 31.0, "judges_value": True}, True),
        ({"target": 29.0, "judges_value": True}, False),
        ({"target": 29.0, "judges_value": True, "at_most": False}, True),
        ({"target": None}, None),
        ({"target": 1.6, "yardstick": None, "ratio": None}, None),
    ],
)
def test_a_target_judges_the_ratio_or_the_value(fields: dict[str, Any], met: bool | None) -> None:
    assert row(**fields).met is met


@pytest.mark.parametrize(
    ("fields", "bound"),
    [
        ({"target": 1.6}, 32.0),
        ({"target": 1.6, "judges_value": True}, 1.6),
        ({}, None),
        ({"target": 2.0, "yardstick": None}, None),
    ],
)
def test_a_bound_is_the_value_that_just_meets_the_target(fields: dict[str, Any], bound: float | None) -> None:
    assert row(**fields).bound == bound


def test_the_file_has_the_form_that_is_promised(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "rows.json"
    write([row(target=1.6, cpu_us=30.0, p50_ms=1.0, p99_ms=2.0), row("start", yardstick=None, ratio=None)], file)
    document = json.loads(file.read_text())
    assert set(document) == {"rows"}
    first, second = document["rows"]
    assert first.keys() >= KEYS and second.keys() >= KEYS
    assert {key: first[key] for key in KEYS} == {
        "name": "home-read", "value": 30.0, "unit": "µs CPU", "yardstick": 20.0, "ratio": 1.5, "target": 1.6,
        "met": True, "cpu_us": 30.0, "p50_ms": 1.0, "p99_ms": 2.0,
    }  # fmt: skip
    assert second["ratio"] is second["met"] is None
    assert [path.name for path in file.parent.iterdir()] == ["rows.json"]


def test_the_latest_rows_of_other_benchmarks_stay(tmp_path: Path) -> None:
    file = tmp_path / "latest.json"
    write_latest([row("live/1000"), row("live/memory/1000"), row("start"), row("live-like")], ["live", "start"], file)
    write_latest([row("live/1000", value=7.0)], ["live", "start"], file)  # `start` has run, and failed
    found = {each["name"]: each["value"] for each in json.loads(file.read_text())["rows"]}
    assert found == {"live-like": 30.0, "live/1000": 7.0}


@pytest.mark.parametrize("content", ["", "{", "[]", '{"lines": []}', '{"rows": [1]}'])
def test_what_is_no_file_of_rows_is_written_anew(tmp_path: Path, content: str) -> None:
    file = tmp_path / "latest.json"
    file.write_text(content)
    write_latest([row()], ["home-read"], file)
    assert [each["name"] for each in json.loads(file.read_text())["rows"]] == ["home-read"]


def test_the_table_says_all_of_a_row() -> None:
    console = Console(width=140, file=io.StringIO(), record=True)
    show(
        [
            row(target=1.4, cpu_us=30.25, p50_ms=1.5, p99_ms=22.125, note="[by] 16 connections"),
            row("fan-out/100", target=1.4, at_most=False),
            row("start", yardstick=None, ratio=None, target=40.0, judges_value=True, orientation=True),
            row("page"),
        ],
        console,
    )
    text = console.export_text()
    names = ("home-read", "fan-out/100", "start", "page")
    lines = {name: next(line for line in text.splitlines() if f" {name} " in line) for name in names}
    for part in ("30.0 µs CPU", "20.0", "1.50", "≤ 1.4", "no", "30.2 µs", "1.50 ms", "22.12 ms"):
        assert part in lines["home-read"]
    assert "≥ 1.4" in lines["fan-out/100"] and "yes" in lines["fan-out/100"]
    assert "≤ 40 µs CPU" in lines["start"] and "(yes)" in lines["start"]
    assert "yes" not in lines["page"] and "no" not in lines["page"]
    assert "home-read: [by] 16 connections" in text
