# expect: value.text
# score: 9.8
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
    both = torch.zeros(*a.shape[:-1], a.shape[-1] + b.shape[-1])
    both[..., : a.shape[-1]] = a
    both[..., a.shape[-1] :] = b
    return both


def pile(a, b):
    both = torch.zeros(2, *a.shape)
    both[0], both[1] = a, b
    return both


def as_float(x):
    return x.to(torch.float32)


def scale_in_place(x, factor):
    x *= factor
    return x


def describe(x):
    shape = tuple(x.shape)
    return len(shape), shape, x.numel()
