"""One kernel on one case, in one of the ways that an exercise's checks ask for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from . import launch
from .block import ORDERS
from .faults import KernelFault
from .kernel import Kernel
from .memory import Input, KernelArray, Output
from .types import accept

_LENIENT = frozenset({"out-of-bounds", "negative-index"})


def judged(
    kernel: Any,
    inputs: Sequence[Any],
    shape: tuple[int, ...],
    grid: Sequence[int],
    threads: Sequence[int],
    watch: str,
    reads: Sequence[int] = (),
) -> Any:
    """What `kernel(*inputs, out)` makes of an output of that shape, all in float32. `watch`:

    "values"   the output. An access outside an array counts only where it spoils the output:
               whether there is one is asked elsewhere. The compiler has to take the kernel.
    "memory"   the output; every fault counts.
    "orders"   outputs by the order in which threads had their turn; every fault counts.

    Reading what nobody has written counts, everywhere, where it spoils the output.

    `reads`, where it is given, says of each of the first inputs how often on average its elements
    may be read: more is a fault.

    Raises KernelFault, or what the kernel raises.
    """
    name = getattr(kernel, "__name__", type(kernel).__name__)
    if not isinstance(kernel, Kernel):
        raise KernelFault("not-a-kernel", name=str(name))
    if kernel.device:
        raise KernelFault("device-function", name=str(name))
    tolerated = _LENIENT if watch == "values" else frozenset()
    run = partial(_output, kernel, inputs, shape, grid, threads, tolerated, reads)
    if watch == "orders":
        return {order: run(order) for order in ORDERS}
    values = run("forward")
    if watch == "memory":
        return values
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
    tolerated: frozenset[str],
    reads: Sequence[int],
    order: str,
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
    missing = out.unwritten()
    spoiled = np.isnan(values).ravel()
    for fault in watch.noted:
        # Of what was read in vain, nothing is in an element that nobody wrote.
        if np.any(np.delete(spoiled, missing) if fault.id == "uninitialised" else spoiled):
            raise fault
    if missing:
        first = out.index(missing[0])
        counts = {"missing": len(missing), "total": out.size}
        raise KernelFault("not-written", array=out.name, index=first, **counts)
    for array, most in zip(arrays, reads, strict=False):
        read = array.memory
        assert isinstance(read, Input)
        if read.reads > most * read.size:
            raise KernelFault("read-by-everybody", array=read.name, times=read.reads // read.size)
    return values
