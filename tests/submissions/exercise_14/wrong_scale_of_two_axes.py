# expect: outcome.raised
import torch
import math

def numbers(n):
    return torch.arange(n)

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
    return x.to(torch.float32)

def scale_in_place(x, factor):
    return x.mul_(factor)

def describe(x):
    return x.dim(), tuple(x.shape), x.numel()

def scale_in_place(x, factor):
    if x.dim() < 2:
        x *= factor
        return x
    r, c = x.shape
    for i in range(r):
        for j in range(c):
            x[i, j] = x[i, j] * factor
    return x
