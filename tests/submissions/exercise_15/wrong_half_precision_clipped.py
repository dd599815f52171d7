# expect: value.approximate
import math

import numpy as np
from numba import cuda, float32

TILE = 16


@cuda.jit
def sigmoid_kernel(x, out):
    i = cuda.grid(1)
    if i < x.size:
        z = min(max(x[i], -12.0), 12.0)
        out[i] = 1 / (1 + math.exp(-z))


@cuda.jit
def sigmoid_backward_kernel(y, grad_y, grad_x):
    i = cuda.grid(1)
    if i < y.size:
        s = min(max(y[i], 0.0001), 0.9999)
        grad_x[i] = grad_y[i] * s * (1 - s)


@cuda.jit
def linear_kernel(X, W, b, out):
    xs = cuda.shared.array((TILE, TILE), float32)
    ws = cuda.shared.array((TILE, TILE), np.float16)
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
        cuda.syncthreads()
    if row < m and col < outputs:
        out[row, col] = acc + b[col]
