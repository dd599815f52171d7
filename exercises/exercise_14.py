"""Exercise 14: tensors.

All of deep learning is done on tensors: numbers in a box with any number of axes. PyTorch's are
the arrays you know from NumPy, and can besides live on a GPU and be differentiated. Here you make
some, give them other shapes, join them, cast them and change them. Each function is a line or
two of torch; the point is to know which.

    x = torch.tensor([[1, 2, 3],
                      [4, 5, 6]])

    shape      (2, 3)         the length of every axis, outermost first
    rank       2              how many axes: 0 a number, 1 a vector, 2 a matrix
    elements   6
    dtype      torch.int64    what the entries are. A tensor holds one kind of number; that of
                              whole numbers is int64, that of others float32 (NumPy: float64)

The numbers lie in memory one after the other, and the shape says how they are read:

    memory     1 2 3 4 5 6
    x          [[1, 2, 3], [4, 5, 6]]
    x.T        [[1, 4], [2, 5], [3, 6]]     the same memory, read in steps of three

x is contiguous: reading it row by row goes through memory without a jump. x.T is not. Both look
at the same numbers, so whoever changes one in place changes the other.

Write

    numbers(n)                 0, 1, ..., n − 1, as int64
    grid(start, end, steps)    `steps` points, evenly spaced; the first is `start`, the last is
                               `end`. A single point is `start`.
    reshape_rows(x, rows)      the numbers of x, in their order, in `rows` rows of equal length;
                               contiguous, also where x is not
    add_axis(x, dim)           x with one more axis, of length 1, which has the index `dim` in
                               the new shape; a negative dim counts from its end
    drop_axes(x)               x without its axes of length 1, wherever they stand
    side_by_side(a, b)         a and b joined along their last axis; the others are equally long
    pile(a, b)                 a and b, equally shaped, along a new first axis: entry 0 is a
    as_float(x)                the same numbers as float32
    scale_in_place(x, factor)  multiplies the numbers of x itself, in their memory, by `factor`,
                               and returns x
    describe(x)                (rank, shape as a tuple, number of elements)

x, a and b are tensors of any rank and dtype for which that makes sense; they need not be
contiguous. What comes back is a tensor, except from `describe`. A new shape keeps the dtype, and
nothing but `scale_in_place` changes its arguments.

(Some notes write `torch.linespace`, which does not exist, and say that tensors hold floats, which
`torch.arange(9)` does not.)

torch and NumPy are allowed. Check your work with

    grade exercise-14
"""

import torch


def numbers(n):
    """The whole numbers from 0 to n - 1, dtype int64.

    >>> numbers(4)
    tensor([0, 1, 2, 3])
    """
    raise NotImplementedError


def grid(start, end, steps):
    """`steps` evenly spaced points from `start` to `end`, both included.

    >>> grid(0, 1, 5)
    tensor([0.0000, 0.2500, 0.5000, 0.7500, 1.0000])
    """
    raise NotImplementedError


def reshape_rows(x, rows):
    """The numbers of x in `rows` rows, contiguous.

    >>> reshape_rows(torch.arange(6), 2)
    tensor([[0, 1, 2],
            [3, 4, 5]])
    """
    raise NotImplementedError


def add_axis(x, dim):
    """x with a new axis of length 1 at index `dim` of the new shape.

    >>> add_axis(torch.zeros(2, 3), 1).shape
    torch.Size([2, 1, 3])
    >>> add_axis(torch.zeros(2, 3), -1).shape
    torch.Size([2, 3, 1])
    """
    raise NotImplementedError


def drop_axes(x):
    """x without its axes of length 1.

    >>> drop_axes(torch.zeros(1, 2, 1, 3)).shape
    torch.Size([2, 3])
    """
    raise NotImplementedError


def side_by_side(a, b):
    """a and b joined along the last axis.

    >>> side_by_side(torch.tensor([[1, 2], [3, 4]]), torch.tensor([[5], [6]]))
    tensor([[1, 2, 5],
            [3, 4, 6]])
    """
    raise NotImplementedError


def pile(a, b):
    """a and b along a new first axis.

    >>> pile(torch.tensor([1, 2, 3]), torch.tensor([4, 5, 6]))
    tensor([[1, 2, 3],
            [4, 5, 6]])
    """
    raise NotImplementedError


def as_float(x):
    """The numbers of x as float32.

    >>> as_float(torch.tensor([1, 2]))
    tensor([1., 2.])
    """
    raise NotImplementedError


def scale_in_place(x, factor):
    """Multiplies x itself by `factor` and returns it.

    >>> table = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> row = table[0]
    >>> scale_in_place(row, 10) is row
    True
    >>> table
    tensor([[10., 20.],
            [ 3.,  4.]])
    """
    raise NotImplementedError


def describe(x):
    """(rank, shape, number of elements): an int, a tuple and an int.

    >>> describe(torch.zeros(2, 3))
    (2, (2, 3), 6)
    """
    raise NotImplementedError
