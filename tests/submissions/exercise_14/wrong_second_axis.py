# expect: along-the-second-axis, new-axis-second, both-ends-left-out, made-a-column
import torch


def numbers(n):
    return torch.arange(n)


def grid(start, end, steps):
    inner = torch.linspace(start, end, steps + 2)
    return inner[1:-1]


def reshape_rows(x, rows):
    return x.reshape(rows, -1).contiguous()


def add_axis(x, dim):
    return x.reshape(-1, 1)


def drop_axes(x):
    return x.squeeze()


def side_by_side(a, b):
    return torch.cat([a, b], dim=1)


def pile(a, b):
    return torch.stack([a, b], dim=1)


def as_float(x):
    return x.float()


def scale_in_place(x, factor):
    return x.mul_(factor)


def describe(x):
    return x.dim(), tuple(x.shape), x.numel()
