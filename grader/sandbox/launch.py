"""Package names in, a zygote process that is starting out: the first thing `grade` does.

What a learner waits for is Python and NumPy starting, so this returns at once and imports next
to nothing; the caller's own imports overlap with the zygote's.
"""

from __future__ import annotations

import _socket  # 0.4 ms; its wrapper, socket, costs 11
import os
import sys
import time

TYPE_CHECKING = False  # as mypy understands it; importing typing costs 3 ms
if TYPE_CHECKING:
    from collections.abc import Sequence

START_UP_SECONDS = 60.0
"""A zygote that has not answered by then never will (a cold disk takes a few seconds; torch
takes two to eleven, several times that where every core is busy)."""
_START_UP_SECONDS_TORCH = 180.0

FOLDER = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - pathlib: 5 ms
"""The code that runs in the zygote; the mutation run puts a changed copy in its place."""

_BOOT = """
import sys
folder = sys.argv[1]
package = type(sys)("_sandbox")
package.__path__ = [folder]
sys.modules["_sandbox"] = package
from _sandbox.zygote import main
main(sys.argv[2])
"""
# The zygote imports the files of this folder as a package of another name, so that neither
# grader/__init__.py nor anything else of the grader is run in it or can be reached from it;
# their imports of one another are relative and hold under both names.

ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "HOME": "/nonexistent",
    "LANG": "C.UTF-8",
    # The order of sets and dicts of strings is the same in every run.
    "PYTHONHASHSEED": "0",
    # More threads than one, and a fork of the process hangs.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    # Fewer reserved addresses for RLIMIT_AS to count.
    "MALLOC_ARENA_MAX": "1",
    # Where torch sees a GPU, the first gradient starts a thread for it.
    "CUDA_VISIBLE_DEVICES": "",
}


class Zygote:
    """The process that workers are forked from, as the trusted side holds it."""

    def __init__(self, pid: int, control: _socket.socket, errors: int, seconds: float) -> None:
        self.pid = pid
        """Of the zygote, or of the bwrap that it is inside of and that ends with it."""
        self.control = control
        """Our end of the SOCK_SEQPACKET socket pair; the zygote ends when it is closed."""
        self.errors = errors
        """A memory file with what the zygote wrote to standard error."""
        self.ready_by = time.monotonic() + seconds
        self.gone = False
        """It has ended and been waited for."""

    def stderr_tail(self, characters: int = 2000) -> str:
        size = os.fstat(self.errors).st_size
        tail = os.pread(self.errors, characters, max(0, size - characters))
        return tail.decode("utf-8", "replace").strip()

    def obituary(self) -> str:
        """What it died of, in its own last words where it had any."""
        self._wait(1.0)
        return self.stderr_tail() or "it was killed"

    def close(self) -> None:
        """End the zygote and every worker of it; returns when they are gone."""
        self.control.close()
        # It ends by itself at the end of file, unless it is busy importing.
        self._wait(0.1)
        if not self.gone:
            os.kill(self.pid, 9)
            self._wait(None)
        if self.errors >= 0:
            os.close(self.errors)
            self.errors = -1

    def _wait(self, seconds: float | None) -> None:
        deadline = time.monotonic() + (seconds or 0)
        while not self.gone:
            try:
                pid, _ = os.waitpid(self.pid, os.WNOHANG if seconds is not None else 0)
            except ChildProcessError:  # the caller ignores SIGCHLD
                pid = self.pid
            self.gone = pid != 0
            if not self.gone:
                if time.monotonic() > deadline:
                    break
                time.sleep(0.001)


def launch(
    packages: Sequence[str] = ("numpy",),
    *,
    strangers: bool = False,
    required: int = 5,
    options: Sequence[str] = (),
) -> Zygote:
    """On Linux: start a zygote that grants `packages` beside the standard library; does not wait.

    For `strangers`, inside bubblewrap where that works (found out by trying, 50 ms). Where the
    isolation is weaker than the level `required`, no worker starts and `levels.WeakIsolation` is
    raised; where a package is not installed that need not be, UsageError. The thread that
    launches has to outlive a zygote inside bubblewrap.

    `options` are for tests of what another kernel gives: "without-bubblewrap",
    "without-landlock", "without-seccomp", "landlock-abi1" and so on.
    """
    if required < 5 and not options:
        from .levels import WeakIsolation, refusal

        if (why := refusal(required)) is not None:
            raise WeakIsolation(why)
    sites = site_folders()
    names = list(dict.fromkeys(["numpy", *packages]))
    if names != ["numpy"]:
        from . import packages as others

        others.require(names, sites)
    program = [sys.executable]
    settings = [*options, f"required-{required}"]
    if (strangers or required == 1) and "without-bubblewrap" not in options:
        from . import bubblewrap
        from . import packages as others

        if bubblewrap.failure() is None:
            command = bubblewrap.command(FOLDER, others.needed(names), sites)
            program = [*command, bubblewrap.python()]
            settings.append("bubblewrap")
    ours, theirs = _socket.socketpair(_socket.AF_UNIX, _socket.SOCK_SEQPACKET)
    errors = os.memfd_create("zygote-stderr")
    environment = dict(ENVIRONMENT)
    if "LD_LIBRARY_PATH" in os.environ:  # some builds of Python do not start without it
        environment["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
    config = "\n".join("\t".join(words) for words in (names, sites, settings))
    # No site (-S, -s): third-party folders come with the config, and no .pth file runs.
    flags = ["-S", "-s", "-P", "-X", "utf8"]
    try:
        pid = os.posix_spawn(
            program[0],
            [*program, *flags, "-c", _BOOT, FOLDER, config],
            environment,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDWR, 0),
                (os.POSIX_SPAWN_DUP2, 0, 1),
                (os.POSIX_SPAWN_DUP2, errors, 2),
                (os.POSIX_SPAWN_DUP2, theirs.fileno(), 3),
            ],
            setsid=True,  # Ctrl-C at the terminal is for the supervisor to act upon
        )
    except OSError:
        ours.close()
        os.close(errors)
        raise
    finally:
        theirs.close()
    return Zygote(pid, ours, errors, start_up_seconds(names))


def start_up_seconds(packages: Sequence[str]) -> float:
    """How long a program that imports `packages` is waited for."""
    return _START_UP_SECONDS_TORCH if "torch" in packages else START_UP_SECONDS


def site_folders() -> list[str]:
    """Where this interpreter finds third-party packages."""
    return [entry for entry in sys.path if os.path.isabs(entry) and os.path.isdir(entry)]  # noqa: PTH112, PTH117
