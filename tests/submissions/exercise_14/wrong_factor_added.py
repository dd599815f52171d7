# expect: factor-added
import torch


def numbers(n):
    return torch.arange(0, n)


def grid(start, end, steps):
    g = torch.linspace(start, end, steps)
    return g


def reshape_rows(x, rows):
    y = x.contiguous()
    return y.view(rows, -1)


def add_axis(x, dim):
    return torch.unsqueeze(x, dim)


def drop_axes(x):
    return torch.squeeze(x)


def side_by_side(a, b):
    return torch.cat((a, b), -1)


def pile(a, b):
    return torch.stack((a, b), 0)


def as_float(x):
    return x.to(torch.float32)


def scale_in_place(x, factor):
    return x.add_(factor)


def describe(x):
    shape = tuple(x.shape)
    return len(shape), shape, x.numel()
