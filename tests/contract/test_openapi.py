"""schemathesis against the whole OpenAPI description of a running Rookery: valid and invalid data, chains of requests.

Every operation must have been both used and refused, so that a run cannot pass by reaching nothing.
"""

import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.contract.running import PatientMachine, Run, operations, schemathesis
from tests.contract.scene import problem
from tests.contract.test_addresses import NO_IDS
from tests.people import sign_up_as

# What no generated request can do, with the reason; tests of accounts and media do it.
NEVER_DONE = {
    "changePassword": "knows no current password",
    "deleteCaptions": "has no video",
    "putCaptions": "has no video",
    "confirmEmailVerification": "knows no token from a mail",
    "confirmPasswordReset": "knows no token from a mail",
    "setAvatar": "has no pictures",
    "setHeader": "has no pictures",
}
# Chance decides, anew with each change of the description, whether what is undone was done before.
MISSED_MAX = 3
# Asks nothing of who asks.
NEVER_REFUSED = {"getPublicKeys"}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def machine() -> AsyncIterator[PatientMachine]:
    var = Path(tempfile.mkdtemp(prefix="rookery-"))  # short, for the paths of sockets
    var.chmod(0o755)
    machine = PatientMachine(var)
    await machine.start()
    await sign_up_as(machine.client, "ana")
    ben = await sign_up_as(machine.client, "ben")
    await ben.protect()
    yield machine
    await machine.stop()
    shutil.rmtree(var)


def passed(run: Run, machine: PatientMachine) -> None:
    """Nothing was found: by schemathesis, nor in the logs of server and worker."""
    assert run.exit_code == 0, run.output
    assert machine.errors() == []
    assert run.report["operations"]["tested"] == run.report["operations"]["total"]
    assert run.report["warnings"]["rate_limited"] == []


def show(name: str, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        tested, seconds = run.report["operations"]["tested"], run.report["running_time"]
        print(f"\nschemathesis, {name}: {tested} operations, {run.cases} cases, {seconds:.0f} s")


async def test_addresses_as_the_server_reads_them(machine: PatientMachine) -> None:
    """Percent-encoding, bytes that are no text, and sizes: what tests without a server take for granted."""
    for value in NO_IDS:
        problem(await machine.client.get(f"/v1/posts/{value}"), 400, 404)
    for path, headers, status in (
        ("/v1/posts/" + "1" * 9000, {}, 414),
        ("/v1/posts/1?" + "a" * 9000, {}, 414),
        ("/v1/posts/1", {b"X-Long": b"x" * 17_000}, 431),
        ("/v1/posts/1", {b"Authorization": b"Bearer \xff\xfe"}, 401),
    ):
        problem(await machine.client.get(path, headers=headers), status)
    # More headers than the server reads never reach us; it answers by itself, without a body.
    many = {f"X-{number}": "1" for number in range(101)}
    assert (await machine.client.get("/v1/posts/1", headers=many)).status_code == 431
    assert machine.errors() == []


async def test_signed_in(machine: PatientMachine, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = await schemathesis(machine.url, tmp_path)
    passed(run, machine)
    show("signed in", run, capsys)
    known = await operations(machine.client)
    assert set(run.answers) == set(known)
    done = {name for name, counts in run.answers.items() if any(status < 300 for status in counts)}
    assert done.isdisjoint(NEVER_DONE)
    missed = set(known) - done - set(NEVER_DONE)
    assert len(missed) <= MISSED_MAX, missed
    refused = {
        name for name, counts in run.answers.items() if any(status >= 400 and status != 405 for status in counts)
    }
    assert set(known) - refused == NEVER_REFUSED


async def test_signed_out(machine: PatientMachine, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = await schemathesis(machine.url, tmp_path, "--phases", "fuzzing", signed_out=True)
    passed(run, machine)
    show("signed out", run, capsys)
    for name, operation in (await operations(machine.client)).items():
        if operation.get("security") == [{"bearer": []}]:
            assert min(run.answers[name]) >= 400, name
