# expect: passed
import torch
from torch import Tensor


def numbers(n: int) -> Tensor:
    return torch.arange(0, n, 1, dtype=torch.long)


def grid(start: float, end: float, steps: int) -> Tensor:
    share = torch.arange(steps, dtype=torch.float64) / max(steps - 1, 1)
    return torch.lerp(
        torch.tensor(start, dtype=torch.float64), torch.tensor(end, dtype=torch.float64), share
    )


def reshape_rows(x: Tensor, rows: int) -> Tensor:
    return x.ravel().unflatten(0, (rows, -1)).clone(memory_format=torch.contiguous_format)


def add_axis(x: Tensor, dim: int) -> Tensor:
    if dim >= 0:
        return x[(slice(None),) * dim + (None,)]
    return x[(..., None) + (slice(None),) * (-dim - 1)]


def drop_axes(x: Tensor) -> Tensor:
    return x[tuple(0 if length == 1 else slice(None) for length in x.shape)]


def side_by_side(a: Tensor, b: Tensor) -> Tensor:
    return torch.cat([a.movedim(-1, 0), b.movedim(-1, 0)]).movedim(0, -1)


def pile(a: Tensor, b: Tensor) -> Tensor:
    return torch.vstack((a[None], b[None])) if a.dim() else torch.hstack((a, b))


def as_float(x: Tensor) -> Tensor:
    return x.type(torch.FloatTensor)


def scale_in_place(x: Tensor, factor: float) -> Tensor:
    return torch.mul(x, factor, out=x)


def describe(x: Tensor) -> tuple:
    return (len(x.size()), tuple(x.size()), x.shape.numel())
