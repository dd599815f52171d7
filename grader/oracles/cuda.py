"""What a GPU says: witnesses beside those of the processor, where there is one to ask.

PyTorch's answers are asked for on the device as well, in float64. The kernels of exercise 15
answer in float32, where a network can be built of them.

A device that cannot be used (no driver, no toolkit, its memory full of other work) has nothing to
say: its witnesses abstain, and the processor's carry the key.
"""

from __future__ import annotations

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
    """Whether PyTorch computes on a CUDA device."""
    import torch

    try:
        return torch.cuda.is_available() and bool(torch.ones(1, device="cuda").add(1).item() == 2)
    except Exception:  # a driver out of order raises many kinds
        return False


@lru_cache(maxsize=1)
def launches() -> bool:
    """Whether numba compiles and runs a kernel there, for which it takes NVIDIA's toolkit."""
    if not available():
        return False
    try:
        from grader.oracles import kernels

        kernels.sigmoid(np.zeros(1))
    except Exception:  # not installed, no compiler, too old for the device
        return False
    return True


def and_on_device(witness: Witness) -> tuple[Witness, Witness]:
    """A witness in PyTorch, and the same on a GPU."""
    return witness, on_device(witness)


def on_device(witness: Witness, device: str = "cuda") -> Witness:
    """A witness in PyTorch, its tensors on the device."""

    def values(*args: Tree, **kwargs: Tree) -> tuple[Tree | None, Tree | None]:
        import torch

        if device == "cuda" and not available():
            return None, None
        try:
            with torch.device(device):
                return witness.values(*args, **kwargs)
        except (AssertionError, RuntimeError):  # its memory is full, say
            return None, None

    return Witness(f"{witness.name} on {device}", values, on_gpu=True)


def kernels(of: Callable[[Any], Callable[..., Tree | None]]) -> Witness:
    """`of` picks a function of `grader.oracles.kernels`; it may give None where it has no answer
    to these arguments."""

    def values(*args: Tree, **kwargs: Tree) -> tuple[Tree | None, None]:
        numbers = [x for tree in (args, kwargs.values()) for x in leaves(list(tree))]
        if any(np.max(np.abs(x), initial=0.0) > _EXP_LARGEST for x in numbers if _numeric(x)):
            return None, None
        if not launches():
            return None, None
        from grader.oracles import kernels

        return of(kernels)(*args, **kwargs), None

    return Witness("CUDA kernels", values, on_gpu=True, single=True)


def _numeric(x: Any) -> bool:
    return not isinstance(x, str) and x is not None
