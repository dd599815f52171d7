# expect: passed
import math

import numpy as np
from numba import cuda

TILE = 16


@cuda.jit(device=True)
def sigma(t):
    return 0.5 * (1.0 + math.tanh(0.5 * t))


@cuda.jit(device=True)
def fetch(A, i, j):
    if i < A.shape[0] and j < A.shape[1]:
        return A[i, j]
    return np.float32(0)


@cuda.jit
def sigmoid_kernel(x, out):
    i = cuda.grid(1)
    if i < x.size:
        out[i] = sigma(x[i])


@cuda.jit
def sigmoid_backward_kernel(y, grad_y, grad_x):
    i = cuda.grid(1)
    if i < y.size:
        grad_x[i] = grad_y[i] * y[i] * (1 - y[i])


@cuda.jit
def linear_kernel(X, W, b, out):
    xs = cuda.shared.array((TILE, TILE), np.float32)
    ws = cuda.shared.array((TILE, TILE), np.float32)
    j, i = cuda.grid(2)
    tj = cuda.threadIdx.x
    ti = cuda.threadIdx.y
    total = 0.0
    for t in range(math.ceil(X.shape[1] / TILE)):
        xs[ti, tj] = fetch(X, i, t * TILE + tj)
        ws[ti, tj] = fetch(W, t * TILE + ti, j)
        cuda.syncthreads()
        for k in range(TILE):
            total += xs[ti, k] * ws[k, tj]
        cuda.syncthreads()
    if i < out.shape[0] and j < out.shape[1]:
        out[i, j] = total + b[j]
