"""What a package brings along: the others it imports, and what the zygote loads before it forks.

A table with reasons rather than the closure of what is installed: torch names a dozen packages
in its metadata and imports four of them; what is not in the table is not there for a worker.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib.machinery import PathFinder
from typing import Final

NEEDED: Final = {
    "torch": (
        "torchgen",  # part of torch
        "functorch",  # part of torch
        "typing_extensions",  # imported by nearly every module of it
        "sympy",  # torch.optim imports torch._dynamo, which imports this for symbolic shapes
        "mpmath",  # imported by sympy
        "nvidia",  # builds for CUDA load their libraries from here
        "triton",  # imported by torch._dynamo, where it is installed
    ),
    "numba": (
        "numba_cuda",  # its CUDA target, which lives in a package of its own
        "_numba_cuda_redirector",  # and is found by this; a .pth file, which does not run here
        "cuda",  # NVIDIA's bindings: imported by it, though nothing of them is called
        *("cuda_bindings", "cuda_core", "cuda_pathfinder"),  # where their versions are written
        "llvmlite",  # what it compiles with
        "greenlet",  # the threads of a block, in `kernels`
        "packaging",  # numba_cuda compares versions with it
    ),
}
"""Readable for what imports it. A learner's own `import sympy` is stood in for all the same."""

EXTRAS: Final = {
    # package: the extra of the grader that brings it, and modules that it takes
    "numba": ("cuda", ("numba", "numba_cuda", "greenlet")),
}
"""Allowed by some exercise and not installed by everybody."""

AT_ONCE: Final = {
    # These take seconds, the second at the first use of an optimizer: before the first fork, so
    # that no worker pays for it, and no worker outlives a grader while the zygote is busy.
    "torch": ("torch.nn", "torch._dynamo", "torch.optim", "torch.utils.data"),
}

PRELOAD: Final = (
    # NumPy itself loads these when they are first used; the first takes longest.
    *("numpy.random", "numpy.fft", "numpy.polynomial"),
    *("dataclasses", "copy", "random", "numpy.testing"),
)
"""Imported one by one while nobody waits; a worker forked before imports them itself."""

PRELOAD_SEALED: Final = (
    # What exercises use of the standard library, for kernels without Landlock: there a worker
    # cannot open files, so it cannot import either.
    *PRELOAD,
    *("abc", "array", "bisect", "cmath", "collections.abc", "csv", "datetime", "decimal"),
    *("fractions", "heapq", "inspect", "io", "json", "logging", "numbers", "operator", "pathlib"),
    *("pickle", "pprint", "statistics", "string", "tempfile", "textwrap", "traceback", "unittest"),
    *("uuid", "numpy.ma", "numpy.typing", "numpy.lib.stride_tricks", "numpy.linalg"),
    *("ast", "contextlib", "functools", "itertools", "math", "re", "struct", "time", "timeit"),
    *("types", "typing", "warnings", "gc", "ctypes", "threading", "queue", "hashlib", "mmap"),
)


def require(packages: Sequence[str], sites: Sequence[str]) -> None:
    """On the trusted side: raises UsageError where a package is not installed that need not be."""
    for package in packages:
        extra, modules = EXTRAS.get(package, ("", ()))
        for module in modules:
            if PathFinder.find_spec(module, sites) is None:
                from grader.model import Message, UsageError

                params = {"module": module, "extra": extra}
                raise UsageError(Message("usage.missing-extra", params))


def needed(packages: Sequence[str]) -> list[str]:
    """`packages`, and what they import of others."""
    others = [name for package in packages for name in NEEDED.get(package, ())]
    return [*dict.fromkeys([*packages, *others])]


def wake(device: str) -> str | None:
    """Have torch compute something on `device`, whose first use sets up what all later ones take;
    why it cannot, where it cannot."""
    import warnings

    import torch

    try:
        with warnings.catch_warnings(action="ignore"):  # they say the same
            weight = torch.ones(2, 2, device=device, requires_grad=True)
            (weight @ weight).sum().backward()  # type: ignore[no-untyped-call]
            torch.optim.SGD([weight], lr=0.1).step()
            weight.tolist()  # which waits for it
    except Exception as error:  # a driver out of order raises many kinds
        return str(error).split("\n")[0]
    return None


def load(packages: Sequence[str]) -> None:
    """Import what the workers are to find imported; ImportError where it is not installed."""
    if "torch" in packages:
        # torch._dynamo makes a folder for its cache when it is imported; this one is there.
        os.environ["TORCHINDUCTOR_CACHE_DIR"] = "/"
    for package in packages:
        __import__(package)
    for package in packages:
        for module in AT_ONCE.get(package, ()):
            __import__(module)
    if "numba" in packages:
        __import__("_numba_cuda_redirector")
        from .kernels import check as _  # noqa: F401 - a worker cannot read these files
        from .kernels import types

        types.install()
    if "torch" in packages:
        import torch

        # A process that has used threads hangs after a fork, or its workers may start none.
        torch.set_num_threads(1)
        torch.set_num_interop_threads(1)
        # The first step of an optimizer sets up what all later ones use.
        weight = torch.zeros(1, requires_grad=True)
        (weight * 2).sum().backward()  # type: ignore[no-untyped-call]
        torch.optim.Adam([weight]).step()
