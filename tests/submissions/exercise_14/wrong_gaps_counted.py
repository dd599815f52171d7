# expect: one-point-too-many, axis-one-late, first-of-them-only
import torch


def numbers(n):
    return torch.arange(n)


def grid(start, end, steps):
    width = (end - start) / steps
    return start + width * torch.arange(steps + 1)


def reshape_rows(x, rows):
    return x.reshape(rows, -1).contiguous()


def add_axis(x, dim):
    return x.unsqueeze(dim + 1)


def drop_axes(x):
    for i in range(x.dim()):
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
    return x.dim(), tuple(x.shape), x.numel()
