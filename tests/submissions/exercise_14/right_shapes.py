# expect: passed
# Everything by computing the new shape.
import torch


def numbers(n):
    return torch.ones(n, dtype=torch.long).cumsum(0) - 1


def grid(start, end, steps):
    if steps == 1:
        return torch.tensor([float(start)])
    i = torch.arange(steps)
    return start + i * (end - start) / (steps - 1)


def count(shape):
    n = 1
    for length in shape:
        n *= length
    return n


def reshape_rows(x, rows):
    new = torch.empty(rows, count(x.shape) // rows, dtype=x.dtype)
    new.copy_(x.reshape(new.shape))
    return new


def add_axis(x, dim):
    shape = list(x.shape)
    if dim < 0:
        dim += len(shape) + 1
    return x.reshape(shape[:dim] + [1] + shape[dim:])


def drop_axes(x):
    return x.reshape([length for length in x.shape if length != 1])


def side_by_side(a, b):
    *front, width = a.shape
    both = a.new_empty(*front, width + b.shape[-1])
    both[..., :width] = a
    both[..., width:] = b
    return both


def pile(a, b):
    both = torch.zeros((2, *a.shape), dtype=a.dtype)
    both[0] = a
    both[1] = b
    return both


def as_float(x):
    new = torch.empty(x.shape)
    new[...] = x
    return new


def scale_in_place(x, factor):
    x[...] = x * factor
    return x


def describe(x):
    shape = tuple(x.shape)
    return len(shape), shape, count(shape)
