"""A kernel, a grid and arguments in; memory as the kernel leaves it out."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from . import block as blocks
from .block import Block, Dim3, turns
from .kernel import Kernel
from .memory import Common, Input, KernelArray, Memory, Watch

_MAX_THREADS = 1024
"""In a block, on every GPU there is."""


def dim3(size: Any) -> Dim3:
    """1 to 3 whole numbers, as they stand in `kernel[grid, block]`; ValueError otherwise."""
    numbers = [int(n) for n in (size if isinstance(size, tuple | list) else (size,))]
    if not 1 <= len(numbers) <= 3 or min(numbers) < 1:
        raise ValueError(f"a grid or block of {size} cannot be launched")
    return Dim3(*numbers, *(1,) * (3 - len(numbers)))


def start(grid: Dim3, threads: Dim3, tolerated: frozenset[str] = frozenset()) -> Watch:
    """A watch for one launch."""
    count = threads.x * threads.y * threads.z
    if count > _MAX_THREADS:
        raise ValueError(f"{count} threads in a block; a GPU takes {_MAX_THREADS}")
    used = [axis for size in (grid, threads) for axis, n in enumerate(size, 1) if n > 1]
    return Watch(_indices(threads), max(used, default=1), tolerated)


def run(
    kernel: Kernel, grid: Dim3, threads: Dim3, args: Sequence[Any], watch: Watch, order: str
) -> None:
    """All blocks, one after the other. Raises KernelFault, or what the kernel raises."""
    take = turns(order)
    indices = _indices(grid)
    with np.errstate(all="ignore"):  # a GPU says nothing either
        for turn in take(len(indices)):
            block = Block(watch, indices[turn], grid, threads)
            block.run(lambda: kernel.py_func(*args), take)


def _indices(size: Dim3) -> list[tuple[int, ...]]:
    """x runs fastest, as in hardware."""
    ranges = (range(size.z), range(size.y), range(size.x))
    return [(x, y, z) for z, y, x in itertools.product(*ranges)]


# --- arrays in and out -----------------------------------------------------------------------


def given(watch: Watch, name: str, array: Any) -> KernelArray:
    """An array that the kernel is to read."""
    return _holding(Input(watch, name, array.dtype, array.shape), array)


def content(memory: Memory) -> Any:
    return np.array(memory.values, memory.dtype).reshape(memory.shape)


def _holding(memory: Memory, array: Any) -> KernelArray:
    memory.values = list(np.ascontiguousarray(array).ravel())
    return KernelArray(memory)


def of_the_learners_own(kernel: Kernel, grid: Any, threads: Any, args: Sequence[Any]) -> None:
    """`kernel[grid, threads](*args)` as a file may do to try something out: on NumPy arrays,
    which are changed in place."""
    if blocks.now is not None:
        raise TypeError("a kernel is launched by the host, not from inside a kernel")
    sizes = dim3(grid), dim3(threads)
    watch = start(*sizes)
    names = kernel.py_func.__code__.co_varnames
    arrays: list[tuple[Any, KernelArray]] = []
    passed: list[Any] = []
    for name, value in zip(names, args, strict=False):
        if isinstance(value, np.ndarray) and value.ndim:
            memory = Common(watch, name, value.dtype, value.shape, filled=True)
            arrays.append((value, _holding(memory, value)))
            value = arrays[-1][1]
        passed.append(value)
    passed += args[len(passed) :]
    run(kernel, *sizes, passed, watch, "forward")
    for value, array in arrays:
        value[...] = content(array.memory)
