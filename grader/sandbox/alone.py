"""A worker without a zygote: started for one submission, where a process cannot be forked and
locked down (macOS, Windows). It has limits where the system has them, and nothing else holds it.

Runs in the worker, as `zygote` does; `portable` is its trusted side.
"""

from __future__ import annotations

import contextlib
import os
import site
import sys
from math import ceil

from . import imports, packages


def main(config: str) -> None:
    """`config` is what `portable` sends: lines of words, tab between them."""
    allowed, sites, isolation, limits = (x.split("\t") for x in config.split("\n"))
    sites = [*filter(None, sites)]
    imports.allow(allowed, packages.needed(allowed), sites)
    packages.load(allowed)
    # It imports NumPy, which has to be allowed first.
    from . import worker

    _arrange_descriptors()
    os.chdir(os.path.abspath(os.sep))  # noqa: PTH100 - pathlib is not needed otherwise
    site.setquit()
    sys.argv = [""]
    sys.dont_write_bytecode = True
    cpu_seconds, reply_bytes = float(limits[0]), int(limits[1])
    _limit(cpu_seconds)
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


def _limit(cpu_seconds: float) -> None:
    try:
        import resource
    except ImportError:  # Windows: only the supervisor's clock
        return
    seconds = ceil(cpu_seconds)
    for which, soft, hard in (
        ("RLIMIT_CPU", seconds, seconds + 1),
        ("RLIMIT_FSIZE", 0, 0),
        ("RLIMIT_CORE", 0, 0),
    ):
        with contextlib.suppress(AttributeError, ValueError, OSError):  # a lower one is set
            resource.setrlimit(getattr(resource, which), (soft, hard))
