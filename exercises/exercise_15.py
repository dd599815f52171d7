"""Exercise 15: CUDA kernels.

A GPU runs one function, the kernel, in thousands of threads at once. Threads come in blocks, and
blocks in a grid. A thread knows where it stands, and from that it works out which element is its
own:

    cuda.threadIdx.x      its number within its block, from 0
    cuda.blockIdx.x       the number of its block, from 0
    cuda.blockDim.x       how many threads a block has
    cuda.grid(1)          blockIdx.x · blockDim.x + threadIdx.x
    cuda.grid(2)          the same for (x, y)

A kernel returns nothing: it writes into an array that it is given. There are as many blocks as
it takes to cover the array, so there are often more threads than elements. An output is not
filled with zeros beforehand. All arrays are float32.

Write three kernels:

    sigmoid_kernel            out[i] = σ(x[i]) = 1 / (1 + e⁻ˣ)
    sigmoid_backward_kernel   grad_x[i] = grad_y[i] · σ′, where y = σ(x) is what is at hand
    linear_kernel             out = X·W + b, the preactivation of exercise 3

The first two are launched with blocks in one dimension and at least one thread for each element.

linear_kernel is launched with blocks of TILE × TILE threads and with as many of them, in both
directions, as cover the larger of m and l: so x may count columns and y rows, or the other way
round. One thread computes one element of out. To fetch each number of X and W less often
from the GPU's global memory, which is slow, the threads of a block fetch one tile of each
together, TILE × TILE numbers, into shared memory:

    tile = cuda.shared.array((TILE, TILE), float32)      one in a line; its size is a constant
    cuda.syncthreads()                                   wait here until every thread is here

A constant is a number or a name from the top of the file such as TILE, no calculation (TILE + 1).
The product of a row and a column is then summed up tile by tile. A plain loop makes the same
numbers; one of the ten points is for reading X and W from global memory that much less often.
The sizes of X and W need not be multiples of TILE. Shared memory holds whatever was there before,
in every block anew.

An example, blocks of one thread: sigmoid_kernel[3, 1](x, out) with x = (0, 2, −2) makes
out = (0.5, 0.8808, 0.1192), and with y = out and grad_y = (1, 1, 1)
sigmoid_backward_kernel[3, 1](y, grad_y, grad_x) makes grad_x = (0.25, 0.1050, 0.1050).

What stands in a kernel is compiled for the GPU: numbers, elements of arrays, if, for, while, and
functions of math and cuda. The same file runs on a GPU where there is one. Without one your
kernels run thread by thread, in several orders, and it is watched which thread touches what. It
takes the package numba-cuda (pip install 'grade[cuda]'). Check your work with

    grade exercise-15

It builds on exercise-2 and exercise-3.
"""

import math

from numba import cuda, float32

TILE = 16


@cuda.jit
def sigmoid_kernel(x, out):
    """x and out: (n,)."""
    raise NotImplementedError


@cuda.jit
def sigmoid_backward_kernel(y, grad_y, grad_x):
    """All three: (n,). y is the output of the sigmoid, grad_y the gradient by y."""
    raise NotImplementedError


@cuda.jit
def linear_kernel(X, W, b, out):
    """X (m, n), W (n, l), b (l,), out (m, l)."""
    raise NotImplementedError
