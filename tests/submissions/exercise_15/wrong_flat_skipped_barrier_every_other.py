# expect: cuda.not-written, cuda.race
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
    # where the sigmoid is flat nothing comes through
    if i < y.size and 0 < y[i] < 1:
        grad_x[i] = grad_y[i] * y[i] * (1 - y[i])


@cuda.jit
def linear_kernel(X, W, b, out):
    xs = cuda.shared.array((TILE, TILE), float32)
    ws = cuda.shared.array((TILE, TILE), float32)
    col, row = cuda.grid(2)
    tx = cuda.threadIdx.x
    ty = cuda.threadIdx.y
    m, n = X.shape
    outputs = W.shape[1]
    acc = float32(0)
    for t in range((n + TILE - 1) // TILE):
        if row < m and t * TILE + tx < n:
            xs[ty, tx] = X[row, t * TILE + tx]
        else:
            xs[ty, tx] = 0
        if t * TILE + ty < n and col < outputs:
            ws[ty, tx] = W[t * TILE + ty, col]
        else:
            ws[ty, tx] = 0
        cuda.syncthreads()
        for k in range(TILE):
            acc += xs[ty, k] * ws[k, tx]
        if t % 2 == 0:
            cuda.syncthreads()
    if row < m and col < outputs:
        out[row, col] = acc + b[col]
