# expect: passed
# There and back: NumPy does the work.
import numpy as np
import torch


def numbers(n):
    return torch.from_numpy(np.arange(n))


def grid(start, end, steps):
    return torch.from_numpy(np.linspace(start, end, steps))


def reshape_rows(x, rows):
    return torch.from_numpy(np.ascontiguousarray(x.numpy().reshape(rows, -1)))


def add_axis(x, dim):
    return torch.as_tensor(np.expand_dims(x.numpy(), dim))


def drop_axes(x):
    return torch.as_tensor(np.squeeze(x.numpy()))


def side_by_side(a, b):
    return torch.as_tensor(np.concatenate([a, b], axis=-1))


def pile(a, b):
    return torch.as_tensor(np.stack([a.numpy(), b.numpy()]))


def as_float(x):
    return torch.tensor(x.numpy().astype(np.float32))


def scale_in_place(x, factor):
    values = x.numpy()  # the same memory
    np.multiply(values, factor, out=values)
    return x


def describe(x):
    values = np.asarray(x)
    return [values.ndim, values.shape, values.size]
