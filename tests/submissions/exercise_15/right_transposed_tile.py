# expect: passed
# The tile of W is stored the other way round, and two sums are kept.
from math import exp

import numba.cuda as cuda
from numba import float32

TILE = 16


@cuda.jit("void(float32[::1], float32[::1])")
def sigmoid_kernel(x, out):
    i = cuda.grid(1)
    if i < x.shape[0]:
        out[i] = exp(x[i]) / (exp(x[i]) + 1)


@cuda.jit()
def sigmoid_backward_kernel(y, grad_y, grad_x):
    i = cuda.grid(1)
    if i < grad_x.shape[0]:
        grad_x[i] = y[i] * grad_y[i] - y[i] * y[i] * grad_y[i]


@cuda.jit(fastmath=False)
def linear_kernel(X, W, b, out):
    a = cuda.shared.array((TILE, TILE), dtype=float32)
    wt = cuda.shared.array((TILE, TILE), dtype=float32)
    x, y = cuda.grid(2)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    even = float32(0)
    odd = float32(0)
    tiles = X.shape[1] // TILE
    if X.shape[1] % TILE:
        tiles += 1
    for t in range(tiles):
        k = t * TILE + tx
        a[ty, tx] = X[y, k] if y < X.shape[0] and k < X.shape[1] else float32(0)
        k = t * TILE + ty
        wt[tx, ty] = W[k, x] if x < W.shape[1] and k < W.shape[0] else float32(0)
        cuda.syncthreads()
        for k in range(0, TILE, 2):
            even += a[ty, k] * wt[tx, k]
            odd += a[ty, k + 1] * wt[tx, k + 1]
        cuda.syncthreads()
    if y < out.shape[0]:
        if x < out.shape[1]:
            out[y, x] = (even + odd) + b[x]
