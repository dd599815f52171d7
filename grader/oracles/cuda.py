"""What a GPU says: witnesses beside those of the processor, where there is one to ask.

PyTorch's answers are asked for on the device as well, in float64. The kernels of exercise 15
answer in float32, where a network can be built of them; numba's simulator runs those too.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from grader.model import Tree, Witness
from grader.trees import leaves

_EXP_LARGEST = 80.0
"""|x| beyond which e^x leaves float32; there the kernels are not asked."""


@lru_cache(maxsize=1)
def available() -> bool:
    """Whether PyTorch sees a CUDA device."""
    import torch

    return torch.cuda.is_available()


def simulated() -> bool:
    """Whether numba was told to simulate one."""
    return os.environ.get("NUMBA_ENABLE_CUDASIM") == "1"


def on_device(witness: Witness, device: str = "cuda") -> Witness:
    """A witness in PyTorch, its tensors on the device."""

    def values(*args: Tree, **kwargs: Tree) -> tuple[Tree, Tree | None]:
        import torch

        with torch.device(device):
            return witness.values(*args, **kwargs)

    return Witness(f"{witness.name} on {device}", values)


def kernels(of: Callable[[Any], Callable[..., Tree | None]]) -> Witness:
    """`of` picks a function of `grader.oracles.kernels`; it may give None where it has no answer
    to these arguments."""

    def values(*args: Tree, **kwargs: Tree) -> tuple[Tree | None, None]:
        numbers = [x for tree in (args, kwargs.values()) for x in leaves(list(tree))]
        if any(np.max(np.abs(x), initial=0.0) > _EXP_LARGEST for x in numbers if _numeric(x)):
            return None, None
        from grader.oracles import kernels

        return of(kernels)(*args, **kwargs), None

    return Witness("CUDA kernels", values, on_gpu=True)


def _numeric(x: Any) -> bool:
    return not isinstance(x, str) and x is not None
