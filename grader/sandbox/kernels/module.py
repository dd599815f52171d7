"""What `from numba import cuda` gives a learner: CUDA as far as kernels of the course need it.

Names are numba's. What numba has and this lacks is, in a kernel, a fault that says so, not an
AttributeError that would look like a slip of the learner's.
"""

from __future__ import annotations

import dis
import sys
from collections.abc import Callable, Iterator
from functools import lru_cache
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any, Final

import numpy as np

from . import block
from .block import Thread, shared_array
from .faults import KernelFault, here
from .kernel import Kernel
from .memory import Common, KernelArray, Local, Memory

_SHARED_BYTES: Final = 48 * 1024
"""What a block may declare on every GPU."""


def _thread(what: str) -> Thread:
    if block.now is None:
        raise RuntimeError(f"cuda.{what} has a meaning inside a running kernel only")
    return block.now


# --- where a thread is -----------------------------------------------------------------------


class Place:
    """`cuda.threadIdx` and its kind."""

    def __init__(self, name: str, of: Callable[[Thread], block.Dim3]) -> None:
        self._name = name
        self._of = of

    @property
    def x(self) -> int:
        return self._of(_thread(self._name)).x

    @property
    def y(self) -> int:
        return self._of(_thread(self._name)).y

    @property
    def z(self) -> int:
        return self._of(_thread(self._name)).z


def grid(ndim: int) -> Any:
    thread = _thread("grid")
    axes = zip(thread.block.index, thread.block.dimensions, thread.index, strict=True)
    return _few([b * n + t for b, n, t in axes], ndim)


def gridsize(ndim: int) -> Any:
    inside = _thread("gridsize").block
    return _few([b * n for b, n in zip(inside.grid, inside.dimensions, strict=True)], ndim)


def _few(numbers: list[int], ndim: int) -> Any:
    if ndim not in (1, 2, 3):
        raise ValueError(f"a grid has 1, 2 or 3 dimensions, not {ndim}")
    return numbers[0] if ndim == 1 else tuple(numbers[:ndim])


# --- memory ----------------------------------------------------------------------------------


class Shared:
    """`cuda.shared`."""

    def array(self, shape: Any, dtype: Any) -> KernelArray:
        here_ = _thread("shared.array").block
        key, name = _declaration(sys._getframe(1))

        def make(name: str) -> Memory:
            memory = Common(here_.watch, name, _dtype(dtype), _shape(shape))
            taken = [array.memory for array in here_.shared.values()] + [memory]
            size = sum(m.size * m.dtype.itemsize for m in taken)
            if size > _SHARED_BYTES:
                raise KernelFault("shared-size", here(), bytes=size, limit=_SHARED_BYTES)
            return memory

        return shared_array(make, key, name)


class LocalArrays:
    """`cuda.local`."""

    def array(self, shape: Any, dtype: Any) -> KernelArray:
        watch = _thread("local.array").block.watch
        _, name = _declaration(sys._getframe(1))
        return KernelArray(Local(watch, name, _dtype(dtype), _shape(shape)))


def _dtype(dtype: Any) -> np.dtype[Any]:
    """Of a NumPy type or of one of numba's, which is named like it."""
    return np.dtype(dtype if isinstance(dtype, type | str | np.dtype) else str(dtype))


def _shape(shape: Any) -> tuple[int, ...]:
    sizes = tuple(int(n) for n in (shape if isinstance(shape, tuple | list) else (shape,)))
    if not sizes or min(sizes) < 1:
        raise KernelFault("unsupported", here(), name="shared.array(0, ...)")
    return sizes


def _declaration(frame: FrameType) -> tuple[Any, str]:
    """Which call it is (two on one line are two), and the name its result is given."""
    return (frame.f_code, frame.f_lasti), _stored_after(frame.f_code, frame.f_lasti)


@lru_cache(maxsize=64)
def _stored_after(code: CodeType, offset: int) -> str:
    """The variable that the result of the call at `offset` goes to."""
    following = (i for i in dis.get_instructions(code) if i.offset > offset)
    after = next(following, None)
    return str(after.argval) if after and after.opname.startswith("STORE_") else "array"


class Atomic:
    """`cuda.atomic`: each gives the old value back."""

    def add(self, array: Any, index: Any, value: Any) -> Any:
        return _update(array, index, lambda old: old + value)

    def sub(self, array: Any, index: Any, value: Any) -> Any:
        return _update(array, index, lambda old: old - value)

    def max(self, array: Any, index: Any, value: Any) -> Any:
        return _update(array, index, lambda old: value if value > old else old)

    def min(self, array: Any, index: Any, value: Any) -> Any:
        return _update(array, index, lambda old: value if value < old else old)

    def exch(self, array: Any, index: Any, value: Any) -> Any:
        return _update(array, index, lambda old: value)

    def cas(self, array: Any, index: Any, expected: Any, value: Any) -> Any:
        return _update(array, index, lambda old: value if old == expected else old)

    def compare_and_swap(self, array: Any, expected: Any, value: Any) -> Any:
        return self.cas(array, (0,) * array.ndim, expected, value)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise KernelFault("unsupported", here(), name=f"atomic.{name}")


def _update(array: KernelArray, index: Any, new: Callable[[Any], Any]) -> Any:
    _thread("atomic")
    memory, place = array.memory, array.place(index, "changed")
    if place is None or not isinstance(memory, Common):
        raise TypeError("an atomic operation changes one element of a shared or global array")
    return memory.update(place, new) if place >= 0 else memory.poison


# --- barriers --------------------------------------------------------------------------------


def syncthreads() -> None:
    _thread("syncthreads").wait()


def syncthreads_count(value: Any) -> int:
    return sum(1 for vote in _thread("syncthreads_count").wait(value) if vote)


def syncthreads_and(value: Any) -> int:
    return int(all(_thread("syncthreads_and").wait(value)))


def syncthreads_or(value: Any) -> int:
    return int(any(_thread("syncthreads_or").wait(value)))


def threadfence() -> None:
    """Memory is seen in order here; it is no barrier."""


# --- arithmetic ------------------------------------------------------------------------------


def fma(a: Any, b: Any, c: Any) -> Any:
    return a * b + c


def selp(condition: Any, a: Any, b: Any) -> Any:
    return a if condition else b


# --- the host's side -------------------------------------------------------------------------


def jit(function: Any = None, **options: Any) -> Any:
    """`@cuda.jit`, `@cuda.jit()`, `@cuda.jit(device=True)`, `@cuda.jit("void(float32[:])")`."""
    device = bool(options.get("device"))

    def decorate(function: Any) -> Kernel:
        return Kernel(function, device=device)

    return decorate(function) if isinstance(function, FunctionType) else decorate


class DeviceArray(np.ndarray[Any, Any]):
    """What `to_device` gives: for a file that tries its kernels out."""

    def copy_to_host(self, target: Any = None) -> Any:
        if target is None:
            return np.array(self)
        target[...] = self
        return target


def to_device(array: Any, **_: Any) -> DeviceArray:
    return np.array(array).view(DeviceArray)


def device_array(shape: Any, dtype: Any = np.float64, **_: Any) -> DeviceArray:
    return np.empty(shape, _dtype(dtype)).view(DeviceArray)


def device_array_like(array: Any, **_: Any) -> DeviceArray:
    return device_array(array.shape, array.dtype)


def synchronize() -> None:
    """A launch has ended when it returns."""


def is_available() -> bool:
    return True


class Elsewhere:
    """What numba has and this lacks: nothing, and a fault in a kernel. Outside of one a file may
    ask for the device, streams and events as it likes; what it does there is not judged."""

    def __init__(self, name: str) -> None:
        self._name = name

    def _nothing(self, *_: Any, **__: Any) -> Elsewhere:
        if block.now is not None:
            raise KernelFault("unsupported", here(), name=self._name)
        return self

    __call__ = __getitem__ = __enter__ = _nothing
    __add__ = __sub__ = __mul__ = __truediv__ = __floordiv__ = _nothing
    __radd__ = __rsub__ = __rmul__ = __rtruediv__ = __rfloordiv__ = _nothing

    def __getattr__(self, name: str) -> Elsewhere:
        if name.startswith("__"):
            raise AttributeError(name)
        return Elsewhere(f"{self._nothing()._name}.{name}")

    def __exit__(self, *_: object) -> None:
        return None

    def __iter__(self) -> Iterator[Any]:
        self._nothing()
        return iter(())

    def __len__(self) -> int:
        self._nothing()
        return 0

    def __bool__(self) -> bool:
        self._nothing()
        return True

    def __str__(self) -> str:
        return f"cuda.{self._name}"


# --- the module ------------------------------------------------------------------------------


class Module(ModuleType):
    """`numba.cuda` as a learner finds it."""

    def __init__(self, real: ModuleType) -> None:
        super().__init__("numba.cuda", "CUDA, run and watched without a GPU.")
        vars(self).update(
            __path__=getattr(real, "__path__", []),
            _real=real,
            threadIdx=Place("threadIdx", lambda thread: thread.index),
            blockIdx=Place("blockIdx", lambda thread: thread.block.index),
            blockDim=Place("blockDim", lambda thread: thread.block.dimensions),
            gridDim=Place("gridDim", lambda thread: thread.block.grid),
            warpsize=32,
            shared=Shared(),
            local=LocalArrays(),
            atomic=Atomic(),
            threadfence_block=threadfence,
            threadfence_system=threadfence,
            **{function.__name__: function for function in _FUNCTIONS},
        )

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = getattr(vars(self)["_real"], name)  # an AttributeError where numba has none
        if hasattr(value, "bitwidth") or name == "types":  # float32 and its kind
            return value
        return Elsewhere(name)


_FUNCTIONS: Final = (
    *(grid, gridsize, syncthreads, syncthreads_count, syncthreads_and, syncthreads_or),
    *(threadfence, fma, selp, jit, to_device, device_array, device_array_like),
    *(synchronize, is_available),
)
