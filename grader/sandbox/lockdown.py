"""A freshly forked child in, a process that can do nothing but compute out.

Every step is required: one that fails ends the worker before it has read a byte of the
learner's. Only what the kernel lacks altogether (Landlock, seccomp) is left out, and the levels
that were reached are reported.
"""

from __future__ import annotations

import os
import resource
import signal
import struct
from math import ceil
from typing import NamedTuple

from . import landlock, levels, seccomp
from .syscalls import capset, prctl

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS = 1, 4, 24, 38
_CAPABILITY_VERSION_3 = 0x20080522


class Limits(NamedTuple):
    """What one worker may use."""

    cpu_seconds: float
    memory_bytes: int
    """Above the address space that the zygote takes up already."""
    reply_bytes: int


class Policy(NamedTuple):
    """What this kernel offers, found out once in the zygote."""

    bubblewrap: bool
    landlock_abi: int
    ruleset: int | None
    seccomp: seccomp.Filter | None

    @property
    def level(self) -> int:
        return levels.level(
            bubblewrap=self.bubblewrap,
            landlock=self.ruleset is not None,
            seccomp=self.seccomp is not None,
        )

    @property
    def isolation(self) -> tuple[str, ...]:
        """The level, and what was in force, as reports name it."""
        return (
            f"level-{self.level}",
            "process",
            "rlimits",
            "no-new-privs",
            "capabilities",
            *(["bubblewrap"] if self.bubblewrap else []),
            *([f"landlock-abi{self.landlock_abi}"] if self.ruleset is not None else []),
            *(["seccomp"] if self.seccomp is not None else []),
        )


def policy(packages: list[str], sites: list[str], options: list[str]) -> Policy:
    """`packages` in the folders `sites` may be read; `options` are those of `launch`."""
    version = 0 if "without-landlock" in options else landlock.abi()
    for older in range(1, version):
        if f"landlock-abi{older}" in options:
            version = older
    ruleset = None
    if version:
        files, folders = landlock.readable(packages, sites), landlock.listable(packages, sites)
        ruleset = landlock.build(version, files, folders)
    filter_ = None
    if "without-seccomp" not in options and seccomp.available():
        # Without Landlock, files of the grader could be read: then none can be opened.
        filter_ = seccomp.Filter(opening=ruleset is not None)
    return Policy("bubblewrap" in options, version, ruleset, filter_)


def undumpable() -> None:
    """Nobody but root may read this process's memory or attach to it, nor that of its forks."""
    prctl(_PR_SET_DUMPABLE, 0)


def detach(parent: int) -> None:
    """A session, signal handlers and a life span of its own."""
    # No controlling terminal; signals to the group of the zygote do not reach it.
    os.setsid()
    for number in signal.valid_signals():
        if number not in (signal.SIGKILL, signal.SIGSTOP):
            signal.signal(number, signal.SIG_DFL)
    # These two become exceptions in Python, which tell more.
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    # Dies with the zygote, also where that died before this line.
    prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def lock_down(policy: Policy, limits: Limits) -> None:
    """The order matters: each step needs rights that a later one takes away."""
    _limit(limits)
    _drop_capabilities()
    # No program raises privileges again; without it nobody but root may do what follows.
    prctl(_PR_SET_NO_NEW_PRIVS, 1)
    if policy.ruleset is not None:
        landlock.apply(policy.ruleset)
        os.close(policy.ruleset)
    if policy.seccomp is not None:
        # Last: after it, not even these calls can be made.
        policy.seccomp.apply(os.getpid())


def _limit(limits: Limits) -> None:
    with open("/proc/self/statm") as statm:  # noqa: PTH123 - pathlib costs 5 ms
        taken = int(statm.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    seconds = ceil(limits.cpu_seconds)
    for which, soft, hard in (
        # SIGXCPU first, which tells why; SIGKILL for whoever ignores it.
        (resource.RLIMIT_CPU, seconds, seconds + 1),
        # Address space counts mappings of every kind, and exceeding it is a MemoryError.
        (resource.RLIMIT_AS, taken + limits.memory_bytes, taken + limits.memory_bytes),
        # Not a byte to a file; pipes do not count.
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_NOFILE, 64, 64),
        # No forks and threads for anyone but root, should there be no seccomp.
        (resource.RLIMIT_NPROC, 0, 0),
        (resource.RLIMIT_MEMLOCK, 0, 0),
        (resource.RLIMIT_MSGQUEUE, 0, 0),
    ):
        ceiling = resource.getrlimit(which)[1]
        if ceiling != resource.RLIM_INFINITY:
            soft, hard = min(soft, ceiling), min(hard, ceiling)
        resource.setrlimit(which, (soft, hard))


def _drop_capabilities() -> None:
    """Root keeps its number and loses its powers: root may read anything despite Landlock."""
    for capability in range(64):
        try:
            prctl(_PR_CAPBSET_DROP, capability)
        except OSError:  # past the last one, or not root: then there is none to gain
            break
    capset(struct.pack("=Ii", _CAPABILITY_VERSION_3, 0), bytes(24))
