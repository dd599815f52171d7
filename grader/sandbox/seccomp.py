"""The system calls a worker may make, and with which arguments: a classic-BPF seccomp filter.

Landlock closes the disk; this closes what Landlock cannot see: processes, sockets of every
kind, signals, limits and priorities of others, io_uring, namespaces, and changes to files that
are already open. It is a list of what is allowed. Measured with strace: what CPython and NumPy
call once they are imported.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from typing import Final

from .syscalls import MACHINE, NUMBERS, prctl

_PR_SET_SECCOMP, _MODE_FILTER = 22, 2
ARCHITECTURES: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # AUDIT_ARCH_*

# --- the policy ----------------------------------------------------------------------------

ALLOWED: Final = " ".join(
    (
        # Memory of its own; how much, RLIMIT_AS says.
        "brk mmap mremap munmap mprotect madvise msync get_mempolicy",
        # Descriptors it has or makes: pipes and events lead nowhere but back to itself.
        "read write readv writev pread64 pwrite64 preadv2 pwritev2 lseek close close_range dup",
        "dup2 dup3 pipe pipe2 eventfd2 poll ppoll select pselect6 epoll_create1 epoll_ctl",
        "epoll_wait epoll_pwait fsync fdatasync ftruncate",
        # Looking at files (opening them is below); what is in them, Landlock decides. Not
        # readlink: where a link leads is what is in it, and Landlock does not see it.
        "stat fstat lstat newfstatat statx access faccessat faccessat2",
        "getdents getdents64 getcwd chdir umask",
        # Time.
        "time times gettimeofday clock_gettime clock_getres nanosleep clock_nanosleep getitimer",
        "setitimer alarm pause restart_syscall",
        # Signals it sends itself or waits for.
        "rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigsuspend rt_sigtimedwait",
        "sigaltstack",
        # Locks between threads, of which there is one.
        "futex futex_waitv set_robust_list set_tid_address rseq sched_yield",
        # Asking who and where it is.
        "getpid gettid getppid getpgrp getuid geteuid getgid getegid getgroups getresuid",
        "getresgid uname sysinfo getrusage getrlimit getcpu sched_get_priority_max",
        "sched_get_priority_min getrandom arch_prctl",
        # Ending.
        "exit exit_group",
    )
).split()

ONLY_ITSELF: Final = {"kill": 0, "tgkill": 0}
"""Argument that has to be its own process id: signals to others, or to a group, are not sent."""

ITSELF_OR_0: Final = {
    # 0 means oneself here. Of others they would change limits, or tell that they are there.
    "prlimit64": 0,
    "sched_getaffinity": 0,
    "sched_getparam": 0,
    "sched_getscheduler": 0,
    "getpgid": 0,
    "getsid": 0,
}

COMMANDS: Final = {
    # Not F_SETOWN, F_SETSIG: with O_ASYNC they send any signal to any process of the user. Not
    # F_SETLK: a lock on a library is met by everybody else who uses it.
    # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC, F_GETPIPE_SZ
    "fcntl": (1, (0, 1, 2, 3, 4, 1030, 1032)),
    # TCGETS, TIOCGWINSZ, FIONREAD, FIONCLEX, FIOCLEX, FIONBIO; not TIOCSTI, which types for you.
    "ioctl": (1, (0x5401, 0x5413, 0x541B, 0x5450, 0x5451, 0x5421)),
    # PR_SET_NAME, PR_GET_NAME, PR_SET_VMA (names for memory); not PR_SET_PDEATHSIG.
    "prctl": (0, (15, 16, 0x53564D41)),
}

OPEN_FLAGS: Final = {"open": 1, "openat": 2}
"""Argument that must not ask to write, create or truncate, nor for a bare path: Landlock lets
O_PATH through to anything."""

ANSWERED: Final = {
    # Not EPERM, so that Python says "can't start new thread".
    "clone": errno.EAGAIN,
    # "Not implemented": the C library then tries the older call.
    "clone3": errno.ENOSYS,
    "mbind": errno.ENOSYS,
    "sched_setaffinity": errno.ENOSYS,
    # "Not a link", which is what most paths are.
    "readlink": errno.EINVAL,
    "readlinkat": errno.EINVAL,
}

# --- the filter ----------------------------------------------------------------------------

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_KILL, _ERRNO, _ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_REFUSED_FLAGS: Final = (
    os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_PATH  # the same on both machines
)


def available() -> bool:
    """Whether there is a table for this machine and a filter could be installed."""
    if MACHINE not in ARCHITECTURES:
        return False
    try:
        prctl(_PR_SET_SECCOMP, _MODE_FILTER, 0)  # no filter at this address
    except OSError as error:
        return error.errno == errno.EFAULT
    return False


def program(process: int, *, opening: bool, machine: str = MACHINE) -> bytes:
    """The filter for the worker `process`; without `opening`, no file can be opened at all."""
    numbers = NUMBERS[machine]
    code = [
        # Numbers mean something else in the 32-bit and x32 interfaces.
        _do(_LOAD, _ARCHITECTURE),
        _do(_EQUAL, ARCHITECTURES[machine], 1, 0),
        _do(_RETURN, _KILL),
        _do(_LOAD, _NUMBER),
        _do(_AT_LEAST, 0x40000000, 0, 1),
        _do(_RETURN, _KILL),
    ]

    def rule(name: str, *body: bytes) -> None:
        if name in numbers:  # architectures that came later lack the oldest calls
            code.extend((_do(_EQUAL, numbers[name], 0, len(body)), *body))

    for name in ALLOWED:
        rule(name, _do(_RETURN, _ALLOW))
    for name, argument in OPEN_FLAGS.items():
        if opening:
            refused = _do(_ANY_BIT, _REFUSED_FLAGS, 0, 1)
            rule(name, _argument(argument), refused, *_denied(errno.EACCES))
        else:
            rule(name, _do(_RETURN, _ERRNO | errno.EACCES))
    for name, argument in ONLY_ITSELF.items():
        rule(name, _argument(argument), _do(_EQUAL, process, 1, 0), *_denied(errno.EPERM))
    for name, argument in ITSELF_OR_0.items():
        own = _do(_EQUAL, process, 2, 0), _do(_EQUAL, 0, 1, 0)
        rule(name, _argument(argument), *own, *_denied(errno.EPERM))
    for name, (argument, commands) in COMMANDS.items():
        jumps = [
            _do(_EQUAL, command, len(commands) - place, 0) for place, command in enumerate(commands)
        ]
        rule(name, _argument(argument), *jumps, *_denied(errno.EPERM))
    for name, answer in ANSWERED.items():
        rule(name, _do(_RETURN, _ERRNO | answer))
    code.append(_do(_RETURN, _ERRNO | errno.EPERM))
    return b"".join(code)


class Filter:
    """The program, made once in the zygote; a worker only puts its own number in."""

    _ANYBODY = 0x7FFFFFFE  # more than any process id; no other operand is like it

    def __init__(self, *, opening: bool) -> None:
        self.template = program(self._ANYBODY, opening=opening)

    def apply(self, process: int) -> None:
        code = self.template.replace(struct.pack("=I", self._ANYBODY), struct.pack("=I", process))
        program = ctypes.create_string_buffer(code, len(code))
        header = ctypes.create_string_buffer(
            struct.pack("HP", len(code) // 8, ctypes.addressof(program))
        )
        prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.addressof(header))


def _do(operation: int, operand: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", operation, if_true, if_false, operand)


def _argument(index: int) -> bytes:
    # The lower half: the kernel itself takes all of these for 32-bit numbers.
    return _do(_LOAD, _ARGUMENTS + 8 * index)


def _denied(error: int) -> tuple[bytes, bytes]:
    """The end of a rule: refused, or skipped over this, allowed."""
    return _do(_RETURN, _ERRNO | error), _do(_RETURN, _ALLOW)
