"""The filter, run in an interpreter of its own, for both machines: what is allowed, and no more."""

from __future__ import annotations

import errno
import os
import re
import struct
from pathlib import Path

import needs
import pytest

from grader.sandbox import seccomp
from grader.sandbox.syscalls import NUMBERS

MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # linux/audit.h
ALLOW, KILL = 0x7FFF0000, 0x80000000
ME, OTHER = 4321, 4322
HEADERS = {
    "x86_64": "/usr/include/x86_64-linux-gnu/asm/unistd_64.h",
    "aarch64": "/usr/include/asm-generic/unistd.h",
}
REFUSED = errno.EPERM


def run(code: bytes, machine: int, number: int, *arguments: int) -> int:
    """What the kernel would do: classic BPF over struct seccomp_data."""
    padded = [*arguments, 0, 0, 0, 0, 0, 0][:6]
    data = struct.pack("<IIQ6Q", number, machine, 0, *(a % (1 << 64) for a in padded))
    accumulator = place = 0
    while True:
        operation, if_true, if_false, operand = struct.unpack_from("=HBBI", code, 8 * place)
        place += 1
        match operation:
            case 0x20:
                (accumulator,) = struct.unpack_from("<I", data, operand)
            case 0x15:
                place += if_true if accumulator == operand else if_false
            case 0x35:
                place += if_true if accumulator >= operand else if_false
            case 0x45:
                place += if_true if accumulator & operand else if_false
            case 0x06:
                return operand
            case _:
                raise AssertionError(hex(operation))


def ask(machine: str, name: str, *arguments: int, opening: bool = True) -> int:
    """0 where it is allowed, else the error it ends with."""
    code = seccomp.program(ME, opening=opening, machine=machine)
    action = run(code, MACHINES[machine], NUMBERS[machine][name], *arguments)
    if action == ALLOW:
        return 0
    assert action >> 16 == 5, hex(action)
    return action & 0xFFFF


@pytest.fixture(params=MACHINES)
def machine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def has(machine: str, name: str) -> bool:
    return name in NUMBERS[machine]


def test_numbers_are_those_of_the_kernel(machine: str) -> None:
    header = Path(HEADERS[machine])
    if not header.exists():
        needs.missing("the kernel's headers are not installed: apt install linux-libc-dev")
    found = dict(re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", header.read_text()))
    # In the generic table fstatat and the like go by other names.
    found |= {"newfstatat": found.get("fstatat", found.get("newfstatat"))}
    for name, number in NUMBERS[machine].items():
        assert number == int(found[name]), name


def test_other_interfaces_end_the_process(machine: str) -> None:
    code = seccomp.program(ME, opening=True, machine=machine)
    (other,) = {*MACHINES.values()} - {MACHINES[machine]}
    for wrong in (0x40000003, 0x40000028, other):  # i386, arm
        assert run(code, wrong, NUMBERS[machine]["read"]) == KILL
    assert run(code, MACHINES[machine], 0x40000000 | NUMBERS[machine]["read"]) == KILL


def test_what_is_not_in_the_policy_is_refused(machine: str) -> None:
    code = seccomp.program(ME, opening=True, machine=machine)
    policy = [*seccomp.ALLOWED, *seccomp.OPEN_FLAGS, *seccomp.ONLY_ITSELF, *seccomp.ITSELF_OR_0]
    policy += [*seccomp.COMMANDS, *seccomp.ANSWERED]
    known = {NUMBERS[machine][name] for name in policy if has(machine, name)}
    for number in range(1000):
        if number not in known:
            assert run(code, MACHINES[machine], number) == 0x50000 | REFUSED, number


# fmt: off
DANGEROUS = " ".join((
    "socket socketpair connect bind sendto sendmsg clone clone3 fork vfork execve execveat ptrace",
    "process_vm_readv process_vm_writev pidfd_open pidfd_getfd pidfd_send_signal rt_sigqueueinfo",
    "rt_tgsigqueueinfo tkill setns unshare mount umount2 pivot_root chroot bpf perf_event_open",
    "userfaultfd keyctl add_key request_key io_uring_setup io_uring_enter io_uring_register",
    "memfd_create memfd_secret shmget shmat msgget semget mq_open inotify_init1 fanotify_init",
    "openat2 open_by_handle_at name_to_handle_at readlink readlinkat link linkat symlink symlinkat",
    "rename renameat renameat2 unlink unlinkat mkdir mkdirat rmdir mknod mknodat truncate chmod",
    "fchmod fchmodat chown fchown fchownat utimensat setxattr getxattr flock setsid setpgid",
    "setpriority getpriority setuid setgid setgroups capset seccomp landlock_create_ruleset",
    "personality modify_ldt iopl ioperm init_module finit_module kexec_load reboot swapon",
    "sethostname settimeofday clock_settime adjtimex timer_create timerfd_create signalfd4 splice",
    "tee vmsplice sendfile copy_file_range get_robust_list move_pages migrate_pages mbind",
    "sched_setaffinity sched_setscheduler setrlimit statfs quotactl acct syslog ioprio_set",
    "process_madvise creat uselib nfsservctl",
)).split()
# fmt: on


def test_dangerous_calls_are_in_no_list() -> None:
    assert not {*DANGEROUS} & {*seccomp.ALLOWED}
    assert not {*DANGEROUS} & {*seccomp.ONLY_ITSELF, *seccomp.ITSELF_OR_0, *seccomp.COMMANDS}


def test_what_python_and_numpy_need_is_allowed(machine: str) -> None:
    for name in ("read", "write", "mmap", "mprotect", "munmap", "brk", "futex", "exit_group"):
        assert ask(machine, name) == 0
    for name in ("fstat", "newfstatat", "lseek", "close", "getrandom", "clock_gettime", "madvise"):
        assert ask(machine, name) == 0


@pytest.mark.parametrize("name", ["kill", "tgkill"])
def test_signals_go_to_itself_only(machine: str, name: str) -> None:
    assert ask(machine, name, ME) == 0
    for process in (OTHER, 0, -1, -ME, 1):
        assert ask(machine, name, process) == REFUSED


@pytest.mark.parametrize("name", seccomp.ITSELF_OR_0)
def test_others_are_not_asked_about(machine: str, name: str) -> None:
    assert len(seccomp.ITSELF_OR_0) == 6
    assert ask(machine, name, ME) == ask(machine, name, 0) == 0
    assert ask(machine, name, OTHER) == ask(machine, name, 1) == REFUSED


def test_files_are_opened_to_be_read(machine: str) -> None:
    for name, place in (("open", 1), ("openat", 2)):
        if has(machine, name):
            before = [0] * place
            for harmless in (os.O_RDONLY, os.O_CLOEXEC | os.O_DIRECTORY | os.O_NONBLOCK):
                assert ask(machine, name, *before, harmless) == 0
            for flag in (os.O_WRONLY, os.O_RDWR, os.O_CREAT, os.O_TRUNC, os.O_PATH):
                assert ask(machine, name, *before, flag) == errno.EACCES
                assert ask(machine, name, *before, flag | os.O_CLOEXEC) == errno.EACCES
            assert ask(machine, name, *before, os.O_TMPFILE | os.O_RDWR) == errno.EACCES
            assert ask(machine, name, *before, 0, opening=False) == errno.EACCES


ALLOWED_COMMANDS = {
    "fcntl": {0, 1, 2, 3, 4, 1030, 1032},
    "ioctl": {0x5401, 0x5413, 0x541B, 0x5450, 0x5451, 0x5421},
    "prctl": {15, 16, 0x53564D41},
}


@pytest.mark.parametrize("name", ALLOWED_COMMANDS)
def test_commands_are_those_named(machine: str, name: str) -> None:
    place = 0 if name == "prctl" else 1
    for command in [*range(70), *range(1020, 1050), *range(0x5400, 0x5460), 0x8901, 0x53564D41]:
        wanted = 0 if command in ALLOWED_COMMANDS[name] else REFUSED
        assert ask(machine, name, *[0] * place, command) == wanted, command
        # The upper half of an argument is no way round, nor does it matter to the kernel.
        assert ask(machine, name, *[0] * place, command | 1 << 32) == wanted


def test_some_are_answered_as_on_a_machine_that_lacks_them(machine: str) -> None:
    assert ask(machine, "clone") == errno.EAGAIN
    assert ask(machine, "clone3") == ask(machine, "mbind") == errno.ENOSYS
    assert ask(machine, "sched_setaffinity") == errno.ENOSYS
    assert ask(machine, "readlinkat") == errno.EINVAL


def test_the_worker_puts_its_own_number_in() -> None:
    template = seccomp.Filter(opening=True).template
    mark = struct.pack("=I", seccomp.Filter._ANYBODY)
    filled = template.replace(mark, struct.pack("=I", ME))
    assert filled == seccomp.program(ME, opening=True)
    rules = [*seccomp.ONLY_ITSELF, *seccomp.ITSELF_OR_0]
    assert template.count(mark) == len(rules)


def test_jumps_stay_within_the_program(machine: str) -> None:
    for opening in (True, False):
        code = seccomp.program(ME, opening=opening, machine=machine)
        assert len(code) // 8 < 4096  # what the kernel takes
        for place in range(len(code) // 8):
            operation, if_true, if_false, _ = struct.unpack_from("=HBBI", code, 8 * place)
            if operation != 0x06:  # the last one returns
                assert place + 1 + max(if_true, if_false) < len(code) // 8
