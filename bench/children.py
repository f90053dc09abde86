"""The processes that the bench starts: none of them outlives it, however it ends.

Each runs in a session of its own, so that Ctrl-C reaches the bench alone, and is ended by the system (Linux) when the
bench is killed. PostgreSQL and Valkey are children of the same kind (`rookery.embedded`).
"""

import asyncio
import os
import signal
from collections.abc import Awaitable, Coroutine, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from weakref import WeakSet

from rookery.embedded.process import Command, kill_group, launch_argv

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GRACE_S = 15.0

Process = asyncio.subprocess.Process

_started: WeakSet[Process] = WeakSet()


async def spawn(
    argv: Sequence[str],
    environment: Mapping[str, str],
    *,
    stdin: int | None = asyncio.subprocess.DEVNULL,
    stdout: Any = None,
    stderr: Any = None,
) -> Process:
    """Start a program; `argv[0]` is an absolute path. Lines that are read from it may be long."""
    command = Command(name=Path(argv[0]).name, argv=argv, env=environment, log=Path(os.devnull))
    starting = asyncio.ensure_future(
        asyncio.create_subprocess_exec(
            *launch_argv(command),
            env=dict(environment),
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
            limit=2**26,
        )
    )
    try:
        process = await asyncio.shield(starting)
    except asyncio.CancelledError:
        await end(await starting)
        raise
    _started.add(process)
    return process


async def output_of(argv: Sequence[str], environment: Mapping[str, str] = os.environ) -> tuple[int, str]:
    """Run a program to its end: its exit code, and all that it says."""
    process = await spawn(argv, environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT)
    try:
        output, _ = await process.communicate()
    finally:
        await end(process)
    return process.returncode or 0, output.decode(errors="replace")


async def end(process: Process, *, ask: signal.Signals = signal.SIGTERM, grace_s: float = GRACE_S) -> None:
    """Ask a process to end, kill what is left of its session after `grace_s`; goes on when it is cancelled."""
    await to_the_end(_end(process, ask, grace_s))


async def _end(process: Process, ask: signal.Signals, grace_s: float) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.send_signal(ask)
    try:
        async with asyncio.timeout(grace_s):
            await process.wait()
    except TimeoutError:
        kill_group(process.pid)
        await process.wait()


async def to_the_end(cleaning: Coroutine[Any, Any, object]) -> None:
    """Await it; a cancellation that comes meanwhile is passed on afterwards."""
    task = asyncio.ensure_future(cleaning)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise


async def until_stopped(work: Awaitable[None]) -> int:
    """Await `work`; the number of the signal that has stopped it, or 0.

    The first of STOP_SIGNALS ends the children and cancels the work, whose clean-up then is not disturbed by another.
    """
    loop, task, stopped_by = asyncio.get_running_loop(), asyncio.ensure_future(work), 0

    def stop(number: int) -> None:
        nonlocal stopped_by
        if not stopped_by:
            stopped_by = number
            for process in [each for each in _started if each.returncode is None]:
                with suppress(ProcessLookupError):
                    process.terminate()
            task.cancel()

    for each in STOP_SIGNALS:
        loop.add_signal_handler(each, stop, each)
    try:
        await task
    except (asyncio.CancelledError, Exception):  # whatever came of it
        if not stopped_by:
            raise
    finally:
        for each in STOP_SIGNALS:
            loop.remove_signal_handler(each)
    return stopped_by
