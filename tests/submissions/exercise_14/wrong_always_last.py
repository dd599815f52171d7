# expect: axis-always-last, trailing-axis-only, new-axis-last, stacked-instead, counts-as-int32
import torch


def numbers(n):
    return torch.arange(n, dtype=torch.int32)


def grid(start, end, steps):
    return torch.linspace(start, end, steps)


def reshape_rows(x, rows):
    return x.reshape(rows, -1).contiguous()


def add_axis(x, dim):
    return x.unsqueeze(-1)


def drop_axes(x):
    return x.squeeze(-1)


def side_by_side(a, b):
    return torch.stack([a, b], dim=-1)


def pile(a, b):
    return torch.stack([a, b], dim=-1)


def as_float(x):
    return x.float()


def scale_in_place(x, factor):
    return x.mul_(factor)


def describe(x):
    return x.dim(), tuple(x.shape), x.numel()
