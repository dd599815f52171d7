# expect: transposed-before, first-entry-taken, lengths-added
import torch


def numbers(n):
    return torch.arange(0, n)


def grid(start, end, steps):
    g = torch.linspace(start, end, steps)
    return g


def reshape_rows(x, rows):
    # view does not like the other order
    return x.permute(*reversed(range(x.dim()))).reshape(rows, -1).contiguous()


def add_axis(x, dim):
    return torch.unsqueeze(x, dim)


def drop_axes(x):
    return x[0]


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
    return len(x.shape), tuple(x.shape), sum(x.shape)
