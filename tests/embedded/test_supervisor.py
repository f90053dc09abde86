"""The supervisor with small real programs: order, repair, giving up, and leaving nobody behind."""

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from rookery.embedded import supervisor as supervisor_module
from rookery.embedded.errors import EmbeddedError
from rookery.embedded.program import Program
from rookery.embedded.supervisor import Supervisor
from tests.embedded.fakes import DIARY, STUBBORN, alive, diary, fake, started, until

FAIL = "import sys; print('Error: the reason'); print('good-bye'); sys.exit(3)"


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor_module, "FIRST_PAUSE_S", 0.01)


async def run_until(
    programs: list[Program], said: list[str], condition: Callable[[], object], act: Callable[[], object] = lambda: None
) -> None:
    """Run them; once the condition holds, act and ask to stop."""
    supervisor = Supervisor(programs, said.append)
    run = asyncio.create_task(supervisor.run())
    try:
        await until(lambda: condition() or run.done())
        act()
    finally:
        supervisor.request_stop()
        await run


async def test_starts_all_and_stops_in_reverse(tmp_path: Path) -> None:
    first, second = fake("first", DIARY, tmp_path), fake("second", DIARY, tmp_path)
    await run_until([first, second], [], lambda: len(diary(tmp_path)) == 2)
    order = [(name, what) for name, what, _ in diary(tmp_path)]
    assert sorted(order[:2]) == [("first", "start"), ("second", "start")]
    assert order[2:] == [("second", "stop"), ("first", "stop")]
    assert first.pid is None and second.pid is None


async def test_a_killed_child_is_reported_and_replaced(tmp_path: Path) -> None:
    said: list[str] = []
    program = fake("work", DIARY, tmp_path)
    supervisor = Supervisor([program], said.append)
    run = asyncio.create_task(supervisor.run())
    await until(lambda: started(tmp_path, "work"))
    os.kill(started(tmp_path, "work")[0], signal.SIGKILL)
    await until(lambda: len(started(tmp_path, "work")) == 2)
    supervisor.request_stop()
    await run
    assert said == ["work ended unexpectedly (signal SIGKILL); starting it again"]


async def test_a_child_that_ends_by_itself_is_replaced_too(tmp_path: Path) -> None:
    said: list[str] = []
    await run_until([fake("work", "pass", tmp_path)], said, lambda: said)
    assert said[0] == "work ended unexpectedly (exit code 0); starting it again"


async def test_gives_up_on_what_cannot_run_and_stops_the_others(tmp_path: Path) -> None:
    said: list[str] = []
    healthy, broken = fake("healthy", DIARY, tmp_path), fake("broken", FAIL, tmp_path)
    with pytest.raises(
        EmbeddedError, match=r"broken ended 5 times within a minute, the last time by exit code 3, Error: the reason"
    ) as e:
        await Supervisor([healthy, broken], said.append).run()
    assert str(tmp_path / "broken.log") in str(e.value)
    assert said.count("broken ended unexpectedly (exit code 3, Error: the reason); starting it again") == 4
    assert healthy.pid is None and broken.pid is None
    assert not any(alive(pid) for pid in started(tmp_path, "healthy"))


async def test_a_failed_first_step_says_why_and_starts_nothing_more(tmp_path: Path) -> None:
    steps = [fake("migrate", FAIL, tmp_path, once=True), fake("serve", DIARY, tmp_path)]
    with pytest.raises(EmbeddedError, match=r"migrate failed: Error: the reason \(more in .*migrate\.log\)"):
        await Supervisor(steps, print).run()
    assert diary(tmp_path) == []


async def test_a_step_that_is_done_is_not_watched(tmp_path: Path) -> None:
    said: list[str] = []
    steps = [fake("migrate", "pass", tmp_path, once=True), fake("serve", DIARY, tmp_path)]
    await run_until(steps, said, lambda: started(tmp_path, "serve"))
    assert said == []


async def test_a_stubborn_family_is_killed(tmp_path: Path) -> None:
    program = fake("work", STUBBORN, tmp_path, grace_s=0.1)
    await run_until([program], [], lambda: len(diary(tmp_path)) == 2)
    await until(lambda: not any(alive(pid) for _, _, pid in diary(tmp_path)))


async def test_children_of_a_crashed_child_do_not_stay(tmp_path: Path) -> None:
    program = fake("work", STUBBORN, tmp_path, grace_s=0.1)

    def crash() -> None:
        os.kill(started(tmp_path, "work")[0], signal.SIGKILL)

    supervisor = Supervisor([program], print)
    run = asyncio.create_task(supervisor.run())
    await until(lambda: len(diary(tmp_path)) == 2)
    crash()
    await until(lambda: not alive(started(tmp_path, "work-child")[0]))
    await until(lambda: len(diary(tmp_path)) == 4)
    supervisor.request_stop()
    await run


async def test_a_stop_during_the_start_ends_what_has_started(tmp_path: Path) -> None:
    steps = [fake("first", DIARY, tmp_path), fake("slow", DIARY, tmp_path, once=True)]
    await run_until(steps, [], lambda: started(tmp_path, "slow"))
    assert not any(alive(pid) for _, _, pid in diary(tmp_path))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_signals_stop_it(tmp_path: Path, number: signal.Signals) -> None:
    program = fake("work", DIARY, tmp_path)
    run = asyncio.create_task(Supervisor([program], print).run())
    await until(lambda: started(tmp_path, "work"))
    os.kill(os.getpid(), number)
    await run
    assert [what for _, what, _ in diary(tmp_path)] == ["start", "stop"]
