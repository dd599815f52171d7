"""What this machine offers in, the level of isolation out, and why it is not a better one.

    1  the zygote inside bubblewrap, and in it Landlock and seccomp
    2  Landlock and seccomp
    3  seccomp; without Landlock no file at all can be opened, so modules are loaded beforehand
    4  macOS: a process of its own inside sandbox-exec, without network and writing
    5  nothing but a process of its own with limits

Levels 4 and 5 are for trusted submissions only.

A learner's own file runs at level 2: it is theirs, on their machine, and bubblewrap would add a
tenth to the wait. What strangers sent runs at the strongest level there is.
"""

from __future__ import annotations

import os
import sys
from typing import Final, NamedTuple

BUBBLEWRAP, LANDLOCK, SECCOMP, MACOS, NOTHING = 1, 2, 3, 4, 5
STRANGERS: Final = 3
"""The weakest level at which files of strangers may run."""

_LANDLOCK_OFF, _LANDLOCK_UNKNOWN = 95, 38  # EOPNOTSUPP, ENOSYS

_DRIVERS = (
    "/dev/nvidiactl",
    "/dev/nvidia0",
    "/usr/lib/wsl/lib/libcuda.so.1",  # there, /dev/dxg is of any GPU
    os.path.join(os.environ.get("SYSTEMROOT", "/"), "System32", "nvcuda.dll"),  # noqa: PTH118
)
"""What a driver of NVIDIA's leaves to be seen: on Linux, in WSL, on Windows."""


class WeakIsolation(Exception):  # noqa: N818 - what it is
    """This machine isolates less than is required; one line says why and what would help."""


class Missing(NamedTuple):
    """A mechanism that this machine does not give."""

    name: str
    why: str
    remedy: str


class Survey(NamedTuple):
    """What was found out about this machine, without running anything of a learner's."""

    level: int
    """The strongest that works, which is what strangers' files get."""
    own: int
    """What a learner's own file gets, unless more is required."""
    missing: tuple[Missing, ...]


def has_gpu() -> bool:
    """Whether there is a driver of NVIDIA's. Where there is, torch has yet to say, in a process
    of its own, whether it can use it."""
    return any(map(os.path.exists, _DRIVERS))


def level(*, bubblewrap: bool, landlock: bool, seccomp: bool) -> int:
    """The level that these mechanisms, working together, amount to."""
    if not seccomp:
        return NOTHING  # Landlock alone leaves processes, sockets and signals of others open
    if not landlock:
        return SECCOMP
    return BUBBLEWRAP if bubblewrap else LANDLOCK


def survey() -> Survey:
    """Probes the kernel and bubblewrap; takes some 50 ms where bubblewrap is installed."""
    if sys.platform != "linux":
        why = f"this is {sys.platform}, and what locks a process down is Linux's"
        remedy = "use Linux, WSL 2 or a Linux container"
        level_ = MACOS if sandbox_exec() else NOTHING
        return Survey(level_, level_, (Missing("sandbox", why, remedy),))
    found = [_bubblewrap(), _landlock(), _seccomp()]
    bubblewrap, landlock, seccomp = (missing is None for missing in found)
    return Survey(
        level(bubblewrap=bubblewrap, landlock=landlock, seccomp=seccomp),
        level(bubblewrap=False, landlock=landlock, seccomp=seccomp),
        tuple(missing for missing in found if missing is not None),
    )


def refusal(required: int) -> str | None:
    """Why this machine cannot give level `required`, in one line; None where it can."""
    found = survey()
    if found.level <= required:
        return None
    missing = "; ".join(f"{m.name}: {m.why} ({m.remedy})" for m in found.missing)
    return (
        f"Isolation level {required} is required, and this machine gives {found.level}. {missing}"
    )


def sandbox_exec() -> bool:
    """Whether this is macOS with its sandbox-exec."""
    return sys.platform == "darwin" and os.access("/usr/bin/sandbox-exec", os.X_OK)


def _bubblewrap() -> Missing | None:
    from . import bubblewrap

    why = bubblewrap.failure()
    if why is None:
        return None
    if why == bubblewrap.NOT_INSTALLED:
        return Missing("bubblewrap", why, "apt install bubblewrap, dnf install bubblewrap")
    if _restricted():
        return Missing(
            "bubblewrap",
            why,
            "AppArmor forbids it on Ubuntu: sudo sysctl -w "
            "kernel.apparmor_restrict_unprivileged_userns=0, or a profile for bwrap",
        )
    return Missing("bubblewrap", why, "allow user namespaces; in a container, --privileged")


def _restricted() -> bool:
    try:
        with open("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") as setting:  # noqa: PTH123
            return setting.read().strip() == "1"
    except OSError:
        return False


def _landlock() -> Missing | None:
    from . import landlock

    version, error = landlock.probe()
    if version:
        return None
    if error == _LANDLOCK_OFF:
        return Missing(
            "landlock", "switched off at boot", "add landlock to lsm= on the kernel command line"
        )
    if error == _LANDLOCK_UNKNOWN:
        release = os.uname().release
        return Missing("landlock", f"Linux {release} was built without it", "Linux 5.13 or later")
    return Missing("landlock", f"refused with error {error}", "allow it in the container's profile")


def _seccomp() -> Missing | None:
    from . import seccomp
    from .syscalls import MACHINE

    if seccomp.available():
        return None
    if MACHINE not in seccomp.ARCHITECTURES:
        machines = " or ".join(seccomp.ARCHITECTURES)
        return Missing("seccomp", f"no filter has been written for {MACHINE}", f"use {machines}")
    return Missing(
        "seccomp", "the kernel installs no filters", "a kernel with CONFIG_SECCOMP_FILTER"
    )
