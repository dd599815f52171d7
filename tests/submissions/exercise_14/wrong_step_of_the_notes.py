# expect: steps-as-width, last-of-them-only, rank-and-count-swapped
import torch


def numbers(n):
    return torch.arange(n)


def grid(start, end, steps):
    # linespace(start, end, step)
    return torch.arange(start, end, steps)


def reshape_rows(x, rows):
    return x.reshape(rows, -1).contiguous()


def add_axis(x, dim):
    return x.unsqueeze(dim)


def drop_axes(x):
    for i in reversed(range(x.dim())):
        if x.shape[i] == 1:
            return x.squeeze(i)
    return x


def side_by_side(a, b):
    return torch.cat([a, b], dim=-1)


def pile(a, b):
    return torch.stack([a, b])


def as_float(x):
    return x.float()


def scale_in_place(x, factor):
    return x.mul_(factor)


def describe(x):
    return x.numel(), tuple(x.shape), x.dim()
