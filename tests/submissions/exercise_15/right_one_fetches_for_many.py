# expect: passed
import math

from numba import cuda, float32

TILE = 16


@cuda.jit
def sigmoid_kernel(x, out):
    i = cuda.grid(1)
    if i < x.size:
        out[i] = 1 / (1 + math.exp(-x[i]))


@cuda.jit
def sigmoid_backward_kernel(y, grad_y, grad_x):
    i = cuda.grid(1)
    if i < y.size:
        grad_x[i] = grad_y[i] * y[i] * (1 - y[i])


@cuda.jit
def linear_kernel(X, W, b, out):
    # one thread of each row and column fetches for the others; a number times 0 or 1
    xs = cuda.shared.array((TILE, TILE), float32)
    ws = cuda.shared.array((TILE, TILE), float32)
    col, row = cuda.grid(2)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    m, n = X.shape
    l = b.size
    acc = 0.0
    for t in range(math.ceil(n / TILE)):
        if tx == 0:
            for k in range(TILE):
                kk = t * TILE + k
                inside = 1 if row < m and kk < n else 0
                xs[ty, k] = X[min(row, m - 1), min(kk, n - 1)] * inside
        if ty == TILE - 1:
            for k in range(TILE):
                kk = t * TILE + k
                inside = 1 if col < l and kk < n else 0
                ws[k, tx] = W[min(kk, n - 1), min(col, l - 1)] * inside
        cuda.syncthreads()
        for k in range(TILE):
            acc += xs[ty, k] * ws[k, tx]
        cuda.syncthreads()
    if row < m:
        if col < l:
            out[row, col] = acc + b[col]
