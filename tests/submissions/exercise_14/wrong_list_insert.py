# expect: negative-dim-one-early, outer-axes-only, grid-cut-to-integers
import torch


def numbers(n):
    return torch.arange(0, n)


def grid(start, end, steps):
    return torch.linspace(start, end, steps).long()


def reshape_rows(x, rows):
    y = x.contiguous()
    return y.view(rows, -1)


def add_axis(x, dim):
    shape = list(x.shape)
    shape.insert(dim, 1)
    return x.reshape(shape)


def drop_axes(x):
    while x.dim() and x.shape[0] == 1:
        x = x[0]
    while x.dim() and x.shape[-1] == 1:
        x = x[..., 0]
    return x


def side_by_side(a, b):
    return torch.cat((a, b), -1)


def pile(a, b):
    return torch.stack((a, b), 0)


def as_float(x):
    return x.to(torch.float32)


def scale_in_place(x, factor):
    x *= factor
    return x


def describe(x):
    shape = tuple(x.shape)
    return len(shape), shape, x.numel()
