"""Rookery as processes, and schemathesis as a process against it."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import httpx
from msgspec import Struct

from tests.faults.machine import Machine

ROOT = Path(__file__).parents[2]
CONFIG = Path(__file__).with_name("schemathesis.toml")


class PatientMachine(Machine):
    """Answers slowly rather than with 503 on a busy machine; its tokens outlive every run."""

    def environment(self) -> dict[str, str]:
        return {
            **super().environment(),
            "ROOKERY_REQUEST_TIMEOUT_S": "60",
            "ROOKERY_ACCESS_TOKEN_TTL_S": "86400",
        }


class Run(Struct):
    """How one run went. `answers` counts the cases by operation and status, as in `{"getPost": {200: 7, 404: 3}}`."""

    exit_code: int
    output: str
    report: dict[str, Any]
    answers: dict[str, dict[int, int]]

    @property
    def cases(self) -> int:
        return int(self.report["test_cases"]["generated"])


async def schemathesis(url: str, folder: Path, *arguments: str, signed_out: bool = False) -> Run:
    """Run the operations of the description that the server at `url` gives. `folder` takes the reports."""
    report, answers = folder / "report.json", folder / "answers.json"
    environment = {
        **os.environ,
        "ANSWERS": str(answers),
        "PYTHONPATH": str(ROOT),
        "ROOKERY_URL": url,
        "SIGNED_OUT": "1" if signed_out else "0",
    }
    argv = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG), "run", f"{url}/v1/openapi.json"]
    argv += ["--no-color", "--report-json-path", str(report), *arguments]
    process = await asyncio.create_subprocess_exec(
        *argv, cwd=folder, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    output, _ = await process.communicate()
    text = output.decode()
    assert report.exists() and answers.exists(), text
    return Run(process.returncode or 0, text, json.loads(report.read_text()), by_operation(answers))


def by_operation(answers: Path) -> dict[str, dict[int, int]]:
    counts: dict[str, dict[int, int]] = {}
    for answer, count in json.loads(answers.read_text()).items():
        operation_id, _, status = answer.partition(" ")
        counts.setdefault(operation_id, {})[int(status)] = count
    return counts


async def operations(client: httpx.AsyncClient) -> dict[str, dict[str, Any]]:
    """All operations of the description, by id."""
    document = (await client.get("/v1/openapi.json")).json()
    return {each["operationId"]: each for item in document["paths"].values() for each in item.values()}
