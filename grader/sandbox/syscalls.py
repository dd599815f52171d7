"""System calls by number, for what Python does not wrap; OSError where the kernel says no."""

from __future__ import annotations

import ctypes
import os
from typing import Any, Final

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long

MACHINE: Final = os.uname().machine

# fmt: off
NUMBERS: Final[dict[str, dict[str, int]]] = {
    # Linux, arch/x86/entry/syscalls/syscall_64.tbl
    "x86_64": {
        "read": 0, "write": 1, "open": 2, "close": 3, "stat": 4, "fstat": 5, "lstat": 6,
        "poll": 7, "lseek": 8, "mmap": 9, "mprotect": 10, "munmap": 11, "brk": 12,
        "rt_sigaction": 13, "rt_sigprocmask": 14, "rt_sigreturn": 15, "ioctl": 16, "pread64": 17,
        "pwrite64": 18, "readv": 19, "writev": 20, "access": 21, "pipe": 22, "select": 23,
        "sched_yield": 24, "mremap": 25, "msync": 26, "madvise": 28, "dup": 32, "dup2": 33,
        "pause": 34, "nanosleep": 35, "getitimer": 36, "alarm": 37, "setitimer": 38, "getpid": 39,
        "clone": 56, "exit": 60, "kill": 62, "uname": 63, "fcntl": 72, "fsync": 74,
        "fdatasync": 75, "ftruncate": 77, "getdents": 78, "getcwd": 79, "chdir": 80,
        "readlink": 89, "umask": 95, "gettimeofday": 96, "getrlimit": 97, "getrusage": 98,
        "sysinfo": 99, "times": 100, "getuid": 102, "getgid": 104, "geteuid": 107, "getegid": 108,
        "getppid": 110, "getpgrp": 111, "getgroups": 115, "getresuid": 118, "getresgid": 120,
        "getpgid": 121, "getsid": 124, "rt_sigpending": 127, "rt_sigtimedwait": 128,
        "rt_sigsuspend": 130, "sigaltstack": 131,
        "sched_getparam": 143, "sched_getscheduler": 145,
        "sched_get_priority_max": 146, "sched_get_priority_min": 147, "prctl": 157,
        "arch_prctl": 158, "gettid": 186, "time": 201, "futex": 202, "sched_setaffinity": 203,
        "sched_getaffinity": 204, "getdents64": 217, "set_tid_address": 218,
        "restart_syscall": 219, "clock_gettime": 228, "clock_getres": 229,
        "clock_nanosleep": 230, "exit_group": 231, "epoll_wait": 232, "epoll_ctl": 233,
        "tgkill": 234, "mbind": 237, "get_mempolicy": 239, "openat": 257, "newfstatat": 262,
        "readlinkat": 267, "faccessat": 269, "pselect6": 270, "ppoll": 271,
        "set_robust_list": 273, "epoll_pwait": 281, "eventfd2": 290,
        "epoll_create1": 291, "dup3": 292, "pipe2": 293, "prlimit64": 302, "getcpu": 309,
        "getrandom": 318, "preadv2": 327, "pwritev2": 328, "statx": 332,
        "rseq": 334, "clone3": 435, "close_range": 436, "faccessat2": 439, "futex_waitv": 449,
    },
    # Linux, include/uapi/asm-generic/unistd.h
    "aarch64": {
        "getcwd": 17, "eventfd2": 19, "epoll_create1": 20, "epoll_ctl": 21, "epoll_pwait": 22,
        "dup": 23, "dup3": 24, "fcntl": 25, "ioctl": 29,
        "ftruncate": 46, "faccessat": 48, "chdir": 49, "openat": 56, "close": 57, "pipe2": 59,
        "getdents64": 61, "lseek": 62, "read": 63, "write": 64, "readv": 65, "writev": 66,
        "pread64": 67, "pwrite64": 68, "pselect6": 72, "ppoll": 73, "readlinkat": 78,
        "newfstatat": 79, "fstat": 80, "fsync": 82, "fdatasync": 83, "exit": 93, "exit_group": 94,
        "set_tid_address": 96, "futex": 98, "set_robust_list": 99,
        "nanosleep": 101, "getitimer": 102, "setitimer": 103, "clock_gettime": 113,
        "clock_getres": 114, "clock_nanosleep": 115, "sched_getscheduler": 120,
        "sched_getparam": 121, "sched_setaffinity": 122, "sched_getaffinity": 123,
        "sched_yield": 124, "sched_get_priority_max": 125, "sched_get_priority_min": 126,
        "restart_syscall": 128, "kill": 129, "tgkill": 131, "sigaltstack": 132,
        "rt_sigsuspend": 133, "rt_sigaction": 134, "rt_sigprocmask": 135, "rt_sigpending": 136,
        "rt_sigtimedwait": 137, "rt_sigreturn": 139, "getresuid": 148,
        "getresgid": 150, "times": 153, "getpgid": 155, "getsid": 156, "getgroups": 158,
        "uname": 160, "getrlimit": 163, "getrusage": 165, "umask": 166, "prctl": 167,
        "getcpu": 168, "gettimeofday": 169, "getpid": 172, "getppid": 173, "getuid": 174,
        "geteuid": 175, "getgid": 176, "getegid": 177, "gettid": 178, "sysinfo": 179, "brk": 214,
        "munmap": 215, "mremap": 216, "clone": 220, "mmap": 222,
        "mprotect": 226, "msync": 227, "madvise": 233, "mbind": 235, "get_mempolicy": 236,
        "prlimit64": 261, "getrandom": 278, "preadv2": 286, "pwritev2": 287,
        "statx": 291, "rseq": 293, "clone3": 435, "close_range": 436, "faccessat2": 439,
        "futex_waitv": 449,
    },
}
# fmt: on
"""Of every machine there is a filter for."""


def syscall(number: int, *arguments: Any) -> int:
    """Arguments are integers, or ctypes objects for what is passed by address."""
    passed = [ctypes.c_long(item) if isinstance(item, int) else item for item in arguments]
    return _checked(_libc.syscall(ctypes.c_long(number), *passed))


def prctl(option: int, *arguments: int) -> int:
    padded = [*arguments, 0, 0, 0, 0][:4]
    return _checked(_libc.prctl(option, *map(ctypes.c_ulong, padded)))


def capset(header: bytes, data: bytes) -> None:
    _checked(_libc.capset(ctypes.c_char_p(header), ctypes.c_char_p(data)))


def close_range(first: int) -> None:
    """Close every descriptor from `first` on; os.closerange tries a million one by one."""
    syscall(436, first, 0x7FFFFFFF, 0)  # the same number on every architecture


def _checked(result: int) -> int:
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return result
