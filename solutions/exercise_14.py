"""Worked answer to exercise 14: tensors."""

import torch


def numbers(n):
    # From whole numbers torch makes int64 by itself; from arange(5.0) it would make float32.
    return torch.arange(n)


def grid(start, end, steps):
    # Not arange with a step: that leaves the end out, and rounding may let it in again.
    return torch.linspace(start, end, steps)


def reshape_rows(x, rows):
    # -1 is inferred. `reshape` gives a view where it can, also one with gaps; `contiguous` copies
    # where that is so, and elsewhere costs nothing.
    return x.reshape(rows, -1).contiguous()


def add_axis(x, dim):
    return x.unsqueeze(dim)


def drop_axes(x):
    return x.squeeze()


def side_by_side(a, b):
    # Along an axis that is there. Without dim it would be the first.
    return torch.cat([a, b], dim=-1)


def pile(a, b):
    # Along a new axis; without dim, that is the first.
    return torch.stack([a, b])


def as_float(x):
    # `double` is Python's float. `x.view(torch.float32)` would read the same bits as others.
    return x.to(torch.float32)


def scale_in_place(x, factor):
    # The methods that end with _ write into x and return it; `x * factor` is a new tensor.
    return x.mul_(factor)


def describe(x):
    # Not len(x): that is the length of the first axis. torch.Size is a tuple already.
    return x.dim(), tuple(x.shape), x.numel()
