"""Numba's compiler for CUDA, where there is neither a GPU nor NVIDIA's toolkit.

It types a kernel and lowers it to LLVM without either, but for three questions that it asks of
libraries which need not be there. Nothing that is compiled here ever runs, so the answers are the
same on every machine.
"""

from __future__ import annotations

import importlib
from types import SimpleNamespace
from typing import Any, Final

CAPABILITY: Final = (7, 5)
"""The oldest GPU that numba-cuda compiles for unless told otherwise."""


def _import() -> Any:
    """numba.cuda; it decides on a form of debugging information when it is imported."""
    from cuda.bindings import runtime

    asked = runtime.getLocalRuntimeVersion
    runtime.getLocalRuntimeVersion = lambda: (0, 0)  # too old for the new one
    try:
        return importlib.import_module("numba.cuda")
    finally:
        runtime.getLocalRuntimeVersion = asked


def _answer() -> None:
    # The version of NVVM's language, which is written into the module.
    nvvm: Any = importlib.import_module("numba.cuda.cudadrv.nvvm")
    nvvm.NVVM.get_ir_version = lambda self: (2, 0, 3, 2)
    # A device function is compiled for "the current device".
    dispatcher: Any = importlib.import_module("numba.cuda.dispatcher")
    dispatcher.get_current_device = lambda: SimpleNamespace(compute_capability=CAPABILITY)


real: Any = _import()
"""numba.cuda itself."""
_answer()

# Imported by a compilation that meets a list; a worker may be unable to read files by then.
importlib.import_module("numba.cuda.memory_management.nrt_context")

types: Any = importlib.import_module("numba.cuda.types")
ir: Any = importlib.import_module("numba.cuda.core.ir")
compile_cuda: Any = importlib.import_module("numba.cuda.compiler").compile_cuda
