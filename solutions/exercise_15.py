"""Exercise 15, worked: CUDA kernels."""

import math

from numba import cuda, float32

TILE = 16


@cuda.jit
def sigmoid_kernel(x, out):
    """One thread, one element; threads beyond the end have nothing to do."""
    i = cuda.grid(1)
    if i < x.size:
        out[i] = 1 / (1 + math.exp(-x[i]))


@cuda.jit
def sigmoid_backward_kernel(y, grad_y, grad_x):
    """σ′ follows from the output alone: y·(1 − y)."""
    i = cuda.grid(1)
    if i < y.size:
        grad_x[i] = grad_y[i] * y[i] * (1 - y[i])


@cuda.jit
def linear_kernel(X, W, b, out):
    """Each thread fetches one number of either tile, and then uses a row and a column of them."""
    X_tile = cuda.shared.array((TILE, TILE), float32)
    W_tile = cuda.shared.array((TILE, TILE), float32)
    column, row = cuda.grid(2)
    x, y = cuda.threadIdx.x, cuda.threadIdx.y
    m, n = X.shape
    outputs = b.size

    total = float32(0)
    # Rounded up: the last tile may reach beyond the end.
    for start in range(0, n, TILE):
        # No early return for threads outside: they are needed to fetch and at the barriers.
        # Where there is no number, a zero changes no sum.
        X_tile[y, x] = X[row, start + x] if row < m and start + x < n else float32(0)
        W_tile[y, x] = W[start + y, column] if start + y < n and column < outputs else float32(0)
        cuda.syncthreads()  # the tiles are complete
        for k in range(TILE):
            total += X_tile[y, k] * W_tile[k, x]
        cuda.syncthreads()  # everybody has used them: the next ones may come
    if row < m and column < outputs:
        out[row, column] = total + b[column]
