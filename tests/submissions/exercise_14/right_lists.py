# expect: passed
# Plain Python inside, a tensor at the end.
import torch


def numbers(n):
    result = []
    for i in range(n):
        result.append(i)
    return torch.tensor(result, dtype=torch.int64)


def grid(start, end, steps):
    points = [float(start)]
    width = (end - start) / (steps - 1) if steps > 1 else 0
    while len(points) < steps:
        points.append(points[-1] + width)
    return torch.tensor(points)


def flat(x):
    return x.flatten().tolist()


def reshape_rows(x, rows):
    values = flat(x)
    width = len(values) // rows
    return torch.tensor(
        [[values[r * width + c] for c in range(width)] for r in range(rows)], dtype=x.dtype
    )


def add_axis(x, dim):
    def wrap(values, depth):
        if depth == 0:
            return [values]
        return [wrap(v, depth - 1) for v in values]

    if dim < 0:
        dim = x.dim() + 1 + dim
    return torch.tensor(wrap(x.tolist(), dim), dtype=x.dtype)


def drop_axes(x):
    for axis in reversed(range(x.dim())):
        if x.size(axis) == 1:
            x = x.select(axis, 0)
    return x


def side_by_side(a, b):
    if a.dim() == 1:
        return torch.tensor(a.tolist() + b.tolist(), dtype=a.dtype)
    return torch.stack([side_by_side(p, q) for p, q in zip(a, b)])


def pile(a, b):
    return torch.tensor([a.tolist(), b.tolist()], dtype=a.dtype)


def as_float(x):
    return torch.tensor(x.tolist(), dtype=torch.float32)


def scale_in_place(x, factor):
    if x.dim() == 0:
        x.fill_(x.item() * factor)
    for i in range(x.size(0) if x.dim() else 0):
        scale_in_place(x[i], factor)  # a view of x
    return x


def describe(x):
    values = x.tolist()
    shape = []
    while isinstance(values, list):
        shape.append(len(values))
        values = values[0]
    return len(shape), tuple(shape), len(flat(x))
