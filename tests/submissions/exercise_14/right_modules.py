# expect: passed
# A class for one function, a parameter for another, gradients left on: all the same numbers.
import torch
import torch.nn as nn

dtype = torch.float32


class Scale:
    def __init__(self, factor):
        self.factor = factor

    def __call__(self, x):
        with torch.no_grad():
            x.data.mul_(self.factor)
        return x


def numbers(n):
    return torch.nonzero(torch.ones(n)).squeeze(1)


def grid(start, end, steps):
    points = torch.linspace(0, 1, steps, requires_grad=True)
    return start + (end - start) * points


def reshape_rows(x, rows):
    rows_of_x = torch.stack(x.flatten().chunk(rows))
    assert rows_of_x.is_contiguous()
    return rows_of_x


def add_axis(x, dim):
    return torch.unsqueeze(x, dim).clone()


def drop_axes(x):
    one = [i for i, n in enumerate(x.size()) if n == 1]
    return x.squeeze(tuple(one)) if one else x


def side_by_side(a, b):
    return torch.cat((a, b), dim=a.dim() - 1)


def pile(a, b):
    return torch.stack((a, b), dim=0)


def as_float(x):
    return nn.Parameter(x.to(dtype), requires_grad=True)


def scale_in_place(x, factor):
    return Scale(factor)(x)


def describe(x):
    rank = torch.tensor(x.dim())
    return rank, x.size(), torch.numel(x)
