"""Numba's own compiler, asked whether it would take a kernel.

It types the kernel and lowers it to LLVM, and refuses on the way what a GPU cannot do.
"""

from __future__ import annotations

import contextlib
import math
import re
import sys
from collections.abc import Iterator, Sequence
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numba

from .compiler import CAPABILITY, compile_cuda, ir, real, types
from .faults import KernelFault
from .kernel import Kernel
from .module import Module

_MAX_WORDS = 300


def install() -> Module:
    """Put the watched module where a learner's import finds it, once and for all."""
    _warm_up()
    watched = Module(real)
    numbers = (int, str)  # equal ones may be one object
    _REAL.update(
        (id(value), getattr(real, name))
        for name, value in vars(watched).items()
        if hasattr(real, name) and not isinstance(value, numbers)
    )
    _show(watched)
    return watched


def _show(module: ModuleType) -> None:
    numba.cuda = module
    sys.modules["numba.cuda"] = module


@contextlib.contextmanager
def _numbas_own() -> Iterator[None]:
    """The compiler imports some of its parts when it first needs them."""
    before = sys.modules["numba.cuda"]
    _show(real)
    try:
        yield
    finally:
        _show(before)


def accept(kernel: Kernel, dimensions: Sequence[int]) -> None:
    """Raises KernelFault where the compiler refuses the kernel for C-contiguous float32 arrays
    of so many dimensions each."""
    arrays = tuple(types.Array(types.float32, n, "C") for n in dimensions)
    rebuilt = _Rebuilt()
    with _numbas_own():
        function = rebuilt.function(kernel.py_func)
        try:
            compile_cuda(function, types.void, arrays, cc=CAPABILITY)
        except Exception as error:
            at = _place(error, rebuilt.files, kernel.py_func.__code__)
            raise KernelFault("types", at, why=_essence(error)) from None


# --- the kernel, with numba's own names in place of the watched ones --------------------------


class _Rebuilt:
    """Functions that see numba where the learner's see the watched module."""

    def __init__(self) -> None:
        self.files: set[str] = set()
        self._done: dict[int, Any] = {}

    def function(self, function: FunctionType) -> FunctionType:
        code = function.__code__
        self.files.add(code.co_filename)
        names = _global_names(code)
        seen = {n: self.value(v) for n, v in function.__globals__.items() if n in names}
        cells = function.__closure__
        closure = cells and tuple(type(c)(self.value(c.cell_contents)) for c in cells)
        seen["__builtins__"] = function.__globals__.get("__builtins__", __builtins__)
        seen["__name__"] = function.__module__
        copy = FunctionType(code, seen, function.__name__, function.__defaults__, closure)
        copy.__module__ = function.__module__
        return copy

    def value(self, value: Any) -> Any:
        """What numba is to find where the learner's code finds `value`."""
        if isinstance(value, Module):
            return real
        if isinstance(value, Kernel):
            if id(value) not in self._done:
                self._done[id(value)] = real.jit(device=True)(self.function(value.py_func))
            return self._done[id(value)]
        return _REAL.get(id(value), value)


_REAL: dict[int, Any] = {}
"""Numba's own `threadIdx`, `shared` and so on, by the identity of the watched ones."""


def _global_names(code: CodeType) -> set[str]:
    inner = (constant for constant in code.co_consts if isinstance(constant, CodeType))
    return set(code.co_names).union(*map(_global_names, inner))


@real.jit(device=True)
def _exponential(x):  # type: ignore[no-untyped-def]
    return math.exp(-x)


def _sample(x, out):  # type: ignore[no-untyped-def]
    tile = real.shared.array((2, 2), types.float32)
    i, j = real.grid(2)
    total = 0.0
    for k in range(min(x.shape[0], 2)):
        tile[i, j] = x[i, k] if i < x.shape[0] else 0.0
        real.syncthreads()
        total += tile[j, i]
    out[i, j] = 1.0 / (1.0 + _exponential(total))


def _warm_up() -> None:
    """What takes the compiler half a second the first time is done before workers are forked."""
    arrays = (types.Array(types.float32, 2, "C"),) * 2
    compile_cuda(_sample, types.void, arrays, cc=CAPABILITY)


# --- words for what it says ------------------------------------------------------------------

_STEP = re.compile(r"Failed in \w+ mode pipeline \(step: [^)]*\)\s*")
_AT = re.compile(r'File "([^"]+)", line (\d+)|\(?(\S+) \((\d+)\)')


def _essence(error: Exception) -> str:
    """What is wrong, in one line, out of the pages that the compiler says."""
    text = _STEP.sub("", str(error)).strip()
    if "set_try_status" in text:
        return "try/except cannot be used in a kernel"
    if isinstance(error, KeyError) and (ufunc := re.search(r"ufunc '(\w+)'", text)):
        return f"numpy.{ufunc[1]} cannot be used in a kernel; math.{ufunc[1]} can"
    if call := re.search(r"No implementation of function .*\n[\s>]*(.+)", text):
        # A constant is Literal[int](16) here; a calculation, even one of constants, is an int64.
        if re.match(r"array\((?:(?!class).)*\bint\d", call[1]):
            return (
                "the size of an array is a number or a name from the top of the file, "
                "or a tuple of these, and not calculated in the kernel"
            )
        return f"there is no {call[1].strip()[:_MAX_WORDS]}"
    first = text.split("\n", 1)[0].strip().split(" Raised from ", 1)[0]
    return first[:_MAX_WORDS] or type(error).__name__


def _place(error: Exception, files: set[str], kernel: CodeType) -> tuple[str, int]:
    """Where the compiler says it is, or where it had got to; the kernel's beginning if neither."""
    by_name = {name.rpartition("/")[2]: name for name in files}
    for match in _AT.finditer(str(error)):
        name, line = (match[1], match[2]) if match[1] else (match[3], match[4])
        if file := by_name.get(name.rpartition("/")[2]):
            return file, int(line)
    found = (kernel.co_filename, kernel.co_firstlineno)
    traceback = error.__traceback__
    while traceback:
        local = traceback.tb_frame.f_locals
        for holder in (local.get("loc"), local.get("inst"), local.get("self")):
            location = holder if isinstance(holder, ir.Loc) else getattr(holder, "loc", None)
            if isinstance(location, ir.Loc):
                file = by_name.get(location.filename.rpartition("/")[2])
                found = (file, location.line) if file else found
        traceback = traceback.tb_next
    return found
