"""PyTorch's answers in float64: a forward function in torch in, values and gradients out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.model import Tree, Witness
from grader.trees import leaves, map_leaves

if TYPE_CHECKING:
    import torch


def _tensors(tree: Tree) -> Tree:
    import torch

    def leaf(x: Any) -> Any:
        if x is None or isinstance(x, str):
            return x
        # A copy: torch takes neither negative strides nor arrays that must not change.
        return torch.tensor(np.array(x, dtype=np.float64), dtype=torch.float64)

    return map_leaves(leaf, tree)


def elementwise(f: Callable[[Any], Any], *, derivative: bool = False) -> Witness:
    """`f` of a tensor, or by autograd its derivative, at every entry."""

    def values(x: Tree) -> tuple[Tree, None]:
        import torch

        tensor = _tensors(x).requires_grad_(derivative)
        result = f(tensor)
        if derivative:
            [result] = torch.autograd.grad(result.sum(), tensor)
        return result.detach().cpu().numpy(), None

    return Witness("torch", values)


def values_of(function: Callable[..., Tree]) -> Witness:
    """`function` of tensors; keyword arguments (counts, names, rates) stay plain."""

    def values(*args: Tree, **kwargs: Tree) -> tuple[Tree, None]:
        return map_leaves(_array, function(*_tensors(list(args)), **kwargs)), None

    return Witness("torch", values)


def gradient(
    scalar: Callable[..., torch.Tensor], wrt: Callable[..., Tree]
) -> Callable[..., tuple[Tree, None]]:
    """Autograd's partial derivatives of `scalar` by what `wrt` picks out of the arguments."""

    def values(*args: Tree, **kwargs: Tree) -> tuple[Tree, None]:
        import torch

        tensors = _tensors(list(args))
        variables = wrt(*tensors, **kwargs)
        for variable in leaves(variables):
            variable.requires_grad_()
        grads = iter(torch.autograd.grad(scalar(*tensors, **kwargs), list(leaves(variables))))
        return map_leaves(lambda _: next(grads).cpu().numpy(), variables), None

    return values


def gradient_witness(scalar: Callable[..., torch.Tensor], wrt: Callable[..., Tree]) -> Witness:
    """`gradient` as a witness; its bound is the running error bound of the reference."""
    return Witness("torch", gradient(scalar, wrt))


def _array(x: Any) -> Any:
    return x.detach().cpu().numpy() if hasattr(x, "detach") else np.asarray(x, dtype=np.float64)
