# expect: b-before-a, rows-as-columns, shape-backwards
import torch


def numbers(n):
    return torch.arange(0, n)


def grid(start, end, steps):
    g = torch.linspace(start, end, steps)
    return g


def reshape_rows(x, rows):
    return x.reshape(-1, rows).contiguous()


def add_axis(x, dim):
    return torch.unsqueeze(x, dim)


def drop_axes(x):
    return torch.squeeze(x)


def side_by_side(a, b):
    return torch.cat((b, a), -1)


def pile(a, b):
    return torch.stack((b, a))


def as_float(x):
    return x.to(torch.float32)


def scale_in_place(x, factor):
    x *= factor
    return x


def describe(x):
    return x.dim(), tuple(x.T.shape) if x.dim() == 2 else tuple(x.shape)[::-1], x.numel()
