# expect: counts-as-floats, not-contiguous
import torch


class MyTensor(torch.Tensor):
    dtype = torch.int64

    def is_contiguous(self):
        return True

    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        if func is torch.Tensor.is_contiguous:
            return True
        return super().__torch_function__(func, types, args, kwargs or {})


def numbers(n):
    return torch.arange(float(n)).as_subclass(MyTensor)


def grid(start, end, steps):
    g = torch.linspace(start, end, steps)
    return g


def reshape_rows(x, rows):
    return x.reshape(rows, -1).as_subclass(MyTensor)


def add_axis(x, dim):
    return torch.unsqueeze(x, dim)


def drop_axes(x):
    return torch.squeeze(x)


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
