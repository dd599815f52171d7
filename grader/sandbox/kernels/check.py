"""One kernel on one case, in one of the ways that an exercise's checks ask for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from . import launch
from .block import ORDERS
from .faults import KernelFault
from .kernel import Kernel
from .memory import KernelArray, Output
from .types import accept

_LENIENT = frozenset({"out-of-bounds", "negative-index"})


def judged(
    kernel: Any,
    inputs: Sequence[Any],
    shape: tuple[int, ...],
    grid: Sequence[int],
    threads: Sequence[int],
    watch: str,
) -> Any:
    """What `kernel(*inputs, out)` makes of an output of that shape, all in float32. `watch`:

    "values"   the output. An access outside an array counts only where it spoils the output:
               whether there is one is asked elsewhere. The compiler has to take the kernel.
    "memory"   the output; every fault counts.
    "orders"   outputs by the order in which threads had their turn; every fault counts.

    Raises KernelFault, or what the kernel raises.
    """
    name = getattr(kernel, "__name__", type(kernel).__name__)
    if not isinstance(kernel, Kernel):
        raise KernelFault("not-a-kernel", name=str(name))
    if kernel.device:
        raise KernelFault("device-function", name=str(name))
    if watch == "orders":
        return {o: _output(kernel, inputs, shape, grid, threads, o, frozenset()) for o in ORDERS}
    if watch == "memory":
        return _output(kernel, inputs, shape, grid, threads, "forward", frozenset())
    values = _output(kernel, inputs, shape, grid, threads, "forward", _LENIENT)
    # Last: of a slip, Python says more than the compiler. Once: it takes longer than the run.
    if not kernel.accepted:
        accept(kernel, [*(np.ndim(x) for x in inputs), len(shape)])
        kernel.accepted = True
    return values


def _output(
    kernel: Kernel,
    inputs: Sequence[Any],
    shape: tuple[int, ...],
    grid: Sequence[int],
    threads: Sequence[int],
    order: str,
    tolerated: frozenset[str],
) -> Any:
    sizes = launch.dim3(grid), launch.dim3(threads)
    watch = launch.start(*sizes, tolerated)
    code = kernel.py_func.__code__
    names = [*code.co_varnames[: code.co_argcount], *["an argument"] * (len(inputs) + 1)]
    arrays = [
        launch.given(watch, name, np.asarray(x, np.float32))
        for name, x in zip(names, inputs, strict=False)
    ]
    out = Output(watch, names[len(inputs)], np.dtype(np.float32), shape)
    launch.run(kernel, *sizes, [*arrays, KernelArray(out)], watch, order)
    values = launch.content(out)
    if watch.noted and np.any(np.isnan(values)):
        raise watch.noted[0]
    if missing := out.unwritten():
        first = out.index(missing[0])
        counts = {"missing": len(missing), "total": out.size}
        raise KernelFault("not-written", array=out.name, index=first, **counts)
    return values
