# expect: outcome.raised
import numpy as np
import torch


class Box:
    def __init__(self, values, dtype):
        self.values = np.array(values)
        self.dtype = dtype
        self.shape = self.values.shape

    def numpy(self):
        return self.values

    def __array__(self, *args, **kwargs):
        return self.values

    def detach(self):
        return self


def numbers(n):
    return Box(range(n), torch.int64)


def grid(start, end, steps):
    return torch.linspace(start, end, steps)


def reshape_rows(x, rows):
    return x.reshape(rows, -1).contiguous()


def add_axis(x, dim):
    return x.unsqueeze(dim)


def drop_axes(x):
    return x.squeeze()


def side_by_side(a, b):
    return torch.cat([a, b], dim=-1)


def pile(a, b):
    return torch.stack([a, b])


def as_float(x):
    return Box(x, torch.float32)


def scale_in_place(x, factor):
    return x.mul_(factor)


def describe(x):
    return x.dim(), tuple(x.shape), x.numel()
