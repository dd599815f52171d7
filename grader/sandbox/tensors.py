"""Torch's tensors at the border: arrays in, tensors for the learner; and back, as base arrays.

Nothing here imports torch: the zygote has, where the exercise allows it, and elsewhere no value
is a tensor. What reads a tensor is torch's own C code, taken before the learner's has run; what
a subclass says of itself (`numpy`, `dtype`, `__torch_function__`) is not asked.
"""

from __future__ import annotations

import sys
from typing import Any, Final

from numpy import ndarray

_torch: Final[Any] = sys.modules.get("torch")

if _torch is not None:
    _base = _torch._C.TensorBase
    _plainly = _torch._C.DisableTorchFunction
    _from_numpy, _strided = _torch.from_numpy, _torch.strided
    _dtype, _layout = _base.dtype.__get__, _base.layout.__get__
    _device, _shape = _base.device.__get__, _base.shape.__get__
    # Kinds of number that NumPy has not, and the narrowest it has that holds them all.
    _wider: Final = {
        getattr(_torch, name): _torch.complex64 if name == "complex32" else _torch.float32
        for name in ("bfloat16", "complex32", *filter(lambda n: "float8_" in n, dir(_torch)))
    }


def is_tensor(kind: type) -> bool:
    return _torch is not None and issubclass(kind, _base)


def from_arrays(tree: Any) -> Any:
    """`tree` with a tensor for every array: of its memory, dtype, shape and strides, which may
    not be negative."""
    match tree:
        case ndarray():
            return _from_numpy(tree)
        case list() | tuple():
            return type(tree)(map(from_arrays, tree))
        case dict():
            return {key: from_arrays(item) for key, item in tree.items()}
    return tree


def array_of(tensor: Any, budget: int) -> Any:
    """The numbers of a tensor as an array, or in a few words why there are none to send.

    Those of a tensor that is sparse, quantised or on another device would have to be computed
    first, in any amount of memory: it is no data.
    """
    note = ""
    try:
        with _plainly():
            kind = _dtype(tensor)
            if str(_device(tensor)) != "cpu":
                note = f" on {_device(tensor)}"
            elif _layout(tensor) is not _strided:
                note = f" of layout {_layout(tensor)}"
            elif _base.numel(tensor) * _base.element_size(tensor) > budget:
                note = f" of shape {tuple(_shape(tensor))}, too large to send"
            else:
                note = f" of {kind}"
                plain = _base.detach(tensor)
                if kind in _wider:
                    plain = _base.to(plain, _wider[kind])
                return _base.numpy(_base.resolve_neg(_base.resolve_conj(plain)))
    except Exception:  # whatever else torch makes of it: one without storage, say
        return note
    return note
