"""The filter's program, run by a machine of our own: for both architectures, wherever the tests run."""

import errno
import struct

import pytest

from rookery.media.process.syscalls import (
    ALLOW,
    AND,
    AT_LEAST,
    CLONE_THREAD,
    EQUAL,
    FAIL,
    KILL,
    LOAD,
    MACHINES,
    RETURN,
    X32_BIT,
    Machine,
    program_for,
    refused_on,
)

PID = 4242
DENIED = FAIL | errno.EPERM
SIGCHLD = 17


def answer(machine: Machine, number: int, *arguments: int, architecture: int | None = None) -> int:
    """What the filter says of a call: an interpreter of the five instructions that it uses."""
    padded = (*arguments, 0, 0, 0, 0, 0, 0)[:6]
    data = struct.pack("=IIQ6Q", number, architecture or machine.architecture, 0, *padded)
    program = list(struct.iter_unpack("HBBI", program_for(machine, PID)))
    at = accumulator = 0
    while True:
        code, if_true, if_false, operand = program[at]
        at += 1
        if code == LOAD:
            accumulator = struct.unpack_from("=I", data, operand)[0]
        elif code == AND:
            accumulator &= operand
        elif code == EQUAL:
            at += if_true if accumulator == operand else if_false
        elif code == AT_LEAST:
            at += if_true if accumulator >= operand else if_false
        else:
            assert code == RETURN
            return int(operand)


@pytest.fixture(params=MACHINES)
def machine(request: pytest.FixtureRequest) -> Machine:
    return MACHINES[request.param]


def test_what_is_listed_is_refused(machine: Machine) -> None:
    calls = refused_on(machine)
    assert len(calls) > 90 and len(set(calls.values())) == len(calls)
    assert {answer(machine, number) for number in calls.values()} == {DENIED}


def test_the_rest_is_allowed(machine: Machine) -> None:
    special = {machine.clone, machine.clone3, machine.tgkill, machine.prlimit64, *refused_on(machine).values()}
    assert {answer(machine, number) for number in range(600) if number not in special} == {ALLOW}


def test_threads_may_be_started_and_processes_not(machine: Machine) -> None:
    assert answer(machine, machine.clone, 0x3D0F00 | CLONE_THREAD) == ALLOW
    assert answer(machine, machine.clone, SIGCHLD) == DENIED
    assert answer(machine, machine.clone, CLONE_THREAD << 32) == DENIED
    assert answer(machine, machine.clone3) == FAIL | errno.ENOSYS


def test_a_process_may_signal_itself_alone(machine: Machine) -> None:
    assert answer(machine, machine.tgkill, PID, PID + 1, 6) == ALLOW
    assert answer(machine, machine.tgkill, PID + 1, PID + 1, 6) == DENIED


def test_limits_may_be_looked_at_and_not_set(machine: Machine) -> None:
    assert answer(machine, machine.prlimit64, 0, 7, 0, 0x7FFF_1234_5678) == ALLOW
    assert answer(machine, machine.prlimit64, 0, 7, 0x1000) == DENIED
    assert answer(machine, machine.prlimit64, 0, 7, 1 << 32) == DENIED


def test_numbers_of_another_architecture_end_the_process(machine: Machine) -> None:
    assert answer(machine, 0, architecture=0x40000003) == KILL  # i386, which a 64-bit process can call too
    others = [other for other in MACHINES.values() if other is not machine]
    assert [answer(machine, 0, architecture=other.architecture) for other in others] == [KILL]


def test_x32_ends_the_process() -> None:
    assert answer(MACHINES["x86_64"], X32_BIT | 41) == KILL
