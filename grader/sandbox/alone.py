"""A worker without a zygote: started for one submission, where a process cannot be forked and
locked down (macOS, Windows, a GPU in use). It has limits where the system has them, and nothing
else holds it.

Runs in the worker, as `zygote` does; `portable` is its trusted side.
"""

from __future__ import annotations

import contextlib
import os
import site
import sys
import time
from math import ceil

from . import imports, packages

NO_DEVICE = 69
"""The exit status where the device that is asked for cannot be used; why, it has printed."""


def main(config: str) -> None:
    """`config` is what `portable` sends: lines of words, tab between them."""
    *words, device = config.split("\n")
    allowed, sites, isolation, limits = (x.split("\t") for x in words)
    sites = [*filter(None, sites)]
    imports.allow(allowed, packages.needed(allowed), sites)
    packages.load(allowed)
    if device and (why := packages.wake(device)) is not None:
        os.write(2, why.encode("utf-8", "replace"))
        os._exit(NO_DEVICE)
    # It imports NumPy, which has to be allowed first.
    from . import worker

    _arrange_descriptors()
    os.chdir(os.path.abspath(os.sep))  # noqa: PTH100 - pathlib is not needed otherwise
    site.setquit()
    sys.argv = [""]
    sys.dont_write_bytecode = True
    cpu_seconds, reply_bytes = float(limits[0]), int(limits[1])
    _limit(cpu_seconds, files=not device)
    worker.main(reply_bytes, tuple(isolation))


def _arrange_descriptors() -> None:
    from .worker import REPLIES, REQUESTS

    # Requests came in at 0, replies go out at 1, output at 2: to where a worker has them.
    for came, belongs in ((0, REQUESTS), (1, REPLIES)):
        os.dup2(came, belongs, inheritable=False)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    if nothing > REPLIES:
        os.close(nothing)


def _limit(cpu_seconds: float, *, files: bool) -> None:
    """Beside processor time, `files`: not a byte to any; the driver of a GPU keeps some in
    memory. Address space is not limited: such a driver reserves more of it than there is memory.
    """
    try:
        import resource
    except ImportError:  # Windows: only the supervisor's clock
        return
    # Importing torch has taken seconds, which the kernel counts too.
    seconds = ceil(time.process_time() + cpu_seconds)
    for which, soft, hard in (
        ("RLIMIT_CPU", seconds, seconds + 1),
        *([("RLIMIT_FSIZE", 0, 0)] if files else []),
        ("RLIMIT_CORE", 0, 0),
    ):
        with contextlib.suppress(AttributeError, ValueError, OSError):  # a lower one is set
            resource.setrlimit(getattr(resource, which), (soft, hard))
