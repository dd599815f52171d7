# expect: passed
import torch


def numbers(n):
    return torch.tensor(range(n), dtype=torch.int64)


def grid(start, end, steps):
    return torch.linspace(start=start, end=end, steps=steps, dtype=torch.double)


def reshape_rows(x, rows):
    return x.contiguous().view(rows, -1)


def add_axis(x, dim):
    return x.unsqueeze(dim=dim)


def drop_axes(x):
    return torch.squeeze(x)


def side_by_side(a, b):
    return torch.concat((a, b), -1)


def pile(a, b):
    return torch.cat([a.unsqueeze(0), b.unsqueeze(0)])


def as_float(x):
    return x.float()


def scale_in_place(x, factor):
    x *= factor
    return x


def describe(x):
    return x.ndim, x.shape, x.nelement()
