# expect: outcome.raised, outcome.missing, outcome.arguments
import torch


def numbers(n):
    return torch.arange(n)


def grid(start, end, steps):
    return torch.linespace(start, end, steps)


def reshape_rows(x, rows, columns):
    return x.reshape(rows, columns)


def add_axis(x, dim):
    return x.unsqueeze(dim)


def side_to_side(a, b):
    return torch.cat([a, b], -1)


def pile(a, b):
    return torch.stack([a, b])


def as_float(x):
    return x.float()


def scale_in_place(x, factor):
    return x.mul_(factor)


def describe(x):
    return x.dim(), tuple(x.shape), x.numel()
