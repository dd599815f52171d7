# expect: counts-as-floats, one-below-the-other, joined-instead, axis-always-first, leading-axis-only
import torch


def numbers(n):
    return torch.arange(float(n))


def grid(start, end, steps):
    g = torch.linspace(start, end, steps)
    return g


def reshape_rows(x, rows):
    y = x.contiguous()
    return y.view(rows, -1)


def add_axis(x, dim):
    return x.unsqueeze(0)


def drop_axes(x):
    return x.squeeze(0)


def side_by_side(a, b):
    return torch.cat((a, b))


def pile(a, b):
    return torch.cat((a, b))


def as_float(x):
    return x.to(torch.float32)


def scale_in_place(x, factor):
    x *= factor
    return x


def describe(x):
    shape = tuple(x.shape)
    return len(shape), shape, x.numel()
