"""A filter of system calls (seccomp(2)) for a process that decodes: what it has no use for is refused, for good.

A list of what is refused, not of what is allowed: which calls a decoder makes changes with its version, the C library
and the machine, and a list of those would one day fail a good file. What is not listed here is bounded by Landlock,
and by the limits.
"""

import errno
import os
import struct
import sys
from collections.abc import Iterator
from ctypes import addressof, create_string_buffer
from typing import NamedTuple

from rookery.media.process.libc import PR_SET_SECCOMP, prctl

# For each purpose: name, number on x86-64 (asm/unistd_64.h), number on ARM64 (asm-generic/unistd.h); from 424 on both
# are the same. The call is answered with EPERM, whatever its arguments.
REFUSED = """
connect to anybody:     socket 41 198  socketpair 53 199  connect 42 203  bind 49 200
start programs:         execve 59 221  execveat 322 281  fork 57 -  vfork 58 -
touch other processes:  kill 62 129  tkill 200 130  rt_sigqueueinfo 129 138  rt_tgsigqueueinfo 297 240
    pidfd_open 434 434  pidfd_getfd 438 438  pidfd_send_signal 424 424  ptrace 101 117  kcmp 312 272
    process_vm_readv 310 270  process_vm_writev 311 271  process_madvise 440 440  process_mrelease 448 448
    setpriority 141 140  ioprio_set 251 30  sched_setaffinity 203 122  sched_setscheduler 144 119
    sched_setparam 142 118  sched_setattr 314 274  migrate_pages 256 238  move_pages 279 239
share memory by name:   shmget 29 194  shmat 30 196  semget 64 190  msgget 68 186  mq_open 240 180
be somebody else:       setuid 105 146  setgid 106 144  setreuid 113 145  setregid 114 143  setresuid 117 147
    setresgid 119 149  setfsuid 122 151  setfsgid 123 152  setgroups 116 159  capset 126 91  setrlimit 160 164
what Landlock lets by:  chmod 90 -  fchmod 91 52  fchmodat 268 53  fchmodat2 452 452  chown 92 -  lchown 94 -
    fchown 93 55  fchownat 260 54  setxattr 188 5  lsetxattr 189 6  fsetxattr 190 7  setxattrat 463 463
    removexattr 197 14  lremovexattr 198 15  fremovexattr 199 16  removexattrat 466 466  file_setattr 469 469
    utime 132 -  utimes 235 -  futimesat 261 -  utimensat 280 88  truncate 76 45
    name_to_handle_at 303 264  open_by_handle_at 304 265  fanotify_init 300 262
what it always denies:  symlink 88 -  symlinkat 266 36  link 86 -  linkat 265 37  mknod 133 -  mknodat 259 33
change what is where:   mount 165 40  umount2 166 39  pivot_root 155 41  chroot 161 51  move_mount 429 429
    open_tree 428 428  open_tree_attr 467 467  fsopen 430 430  fsconfig 431 431  fsmount 432 432  fspick 433 433
    mount_setattr 442 442  unshare 272 97  setns 308 268
dig in the kernel:      bpf 321 280  io_uring_setup 425 425  io_uring_enter 426 426  io_uring_register 427 427
    userfaultfd 323 282  perf_event_open 298 241  keyctl 250 219  add_key 248 217  request_key 249 218
    modify_ldt 154 -  personality 135 92  lookup_dcookie 212 18
rule the machine:       kexec_load 246 104  kexec_file_load 320 294  init_module 175 105  finit_module 313 273
    delete_module 176 106  swapon 167 224  swapoff 168 225  reboot 169 142  quotactl 179 60  quotactl_fd 443 443
    acct 163 89  syslog 103 116  settimeofday 164 170  clock_settime 227 112  clock_adjtime 305 266
    adjtimex 159 171  sethostname 170 161  setdomainname 171 162  iopl 172 -  ioperm 173 -
"""

# Instructions of classic BPF, and what of `struct seccomp_data` they load: linux/bpf_common.h, linux/seccomp.h.
LOAD, AND, EQUAL, AT_LEAST, RETURN = 0x20, 0x54, 0x15, 0x35, 0x06
NUMBER_AT, ARCHITECTURE_AT, ARGUMENTS_AT = 0, 4, 16
SECCOMP_MODE_FILTER = 2
ALLOW, KILL, FAIL = 0x7FFF0000, 0x80000000, 0x00050000
CLONE_THREAD = 0x00010000
X32_BIT = 0x40000000
WORD = 0xFFFFFFFF


class Machine(NamedTuple):
    """`architecture` as the kernel tells it to filters (linux/audit.h); `column` of REFUSED."""

    architecture: int
    column: int
    clone: int
    clone3: int
    tgkill: int
    prlimit64: int


MACHINES = {
    "x86_64": Machine(0xC000003E, 0, clone=56, clone3=435, tgkill=234, prlimit64=302),
    "aarch64": Machine(0xC00000B7, 1, clone=220, clone3=435, tgkill=131, prlimit64=261),
}


def refuse() -> bool:
    """Filter the calls of this thread, and of those that it will start. False on a machine that we have no list for.

    To be called with PR_SET_NO_NEW_PRIVS set. Raises OSError where the kernel or a container has no filters.
    """
    machine = MACHINES.get(os.uname().machine) if sys.maxsize > 2**32 else None
    if machine is None:
        return False
    code = program_for(machine, os.getpid())
    instructions = create_string_buffer(code, len(code))
    header = create_string_buffer(struct.pack("HP", len(code) // 8, addressof(instructions)))
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, addressof(header))
    return True


def refused_on(machine: Machine) -> dict[str, int]:
    """The calls of REFUSED that this machine has."""
    fields = [field for line in REFUSED.splitlines() for field in line.rpartition(":")[2].split()]
    return {
        name: int(number)
        for name, *numbers in zip(fields[::3], fields[1::3], fields[2::3], strict=True)
        if (number := numbers[machine.column]) != "-"
    }


def program_for(machine: Machine, pid: int) -> bytes:
    """An array of `struct sock_filter`.

    Calls of another architecture's numbers end the process: there, the numbers mean others. Of the rest are refused
    processes, but not threads; signals, but to ourselves; limits, but to look at them; what is on the list.
    """
    steps = [
        _step(LOAD, ARCHITECTURE_AT),
        _step(EQUAL, machine.architecture, 1, 0),
        _step(RETURN, KILL),
        _step(LOAD, NUMBER_AT),
    ]
    if machine.column == 0:
        steps += [_step(AT_LEAST, X32_BIT, 0, 1), _step(RETURN, KILL)]
    # Its flags lie in memory, which a filter cannot see; the C library then takes the older one.
    steps += _answer(machine.clone3, FAIL | errno.ENOSYS)
    steps += _only_if(machine.clone, argument=0, mask=CLONE_THREAD, value=CLONE_THREAD)
    steps += _only_if(machine.tgkill, argument=0, mask=WORD, value=pid)
    steps += _only_if(machine.prlimit64, argument=2, mask=WORD << 32 | WORD, value=0)
    for number in refused_on(machine).values():
        steps += _answer(number, FAIL | errno.EPERM)
    return b"".join([*steps, _step(RETURN, ALLOW)])


def _answer(number: int, action: int) -> list[bytes]:
    return [_step(EQUAL, number, 0, 1), _step(RETURN, action)]


def _only_if(number: int, *, argument: int, mask: int, value: int) -> list[bytes]:
    """Allowed when the argument, of 64 bits, has this value behind the mask; else EPERM."""
    checks = [step for shift in (0, 32) for step in _check_half(argument, shift, mask, value)]
    return [_step(EQUAL, number, 0, len(checks) + 1), *checks, _step(RETURN, ALLOW)]


def _check_half(argument: int, shift: int, mask: int, value: int) -> Iterator[bytes]:
    half = mask >> shift & WORD
    if half:
        yield _step(LOAD, ARGUMENTS_AT + 8 * argument + shift // 8)
        yield _step(AND, half)
        yield _step(EQUAL, value >> shift & WORD, 1, 0)
        yield _step(RETURN, FAIL | errno.EPERM)


def _step(code: int, operand: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, operand)
