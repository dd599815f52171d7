# expect: passed
import math

from numba import cuda, float32

TILE = 16
PADDED = 17  # other banks


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
    # the next numbers are on their way while this tile is used; indices stay inside
    xs = cuda.shared.array((TILE, PADDED), float32)
    ws = cuda.shared.array((TILE, PADDED), float32)
    row, col = cuda.grid(2)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    m, n = X.shape
    l = b.size
    r = min(row, m - 1)
    c = min(col, l - 1)
    next_x = X[r, min(ty, n - 1)]
    next_w = W[min(tx, n - 1), c]
    acc = float32(0)
    for s in range(0, n, TILE):
        xs[tx, ty] = next_x if s + ty < n else float32(0)
        ws[tx, ty] = next_w if s + tx < n else float32(0)
        cuda.syncthreads()
        next_x = X[r, min(s + TILE + ty, n - 1)]
        next_w = W[min(s + TILE + tx, n - 1), c]
        for k in range(TILE):
            acc += xs[tx, k] * ws[k, ty]
        cuda.syncthreads()
    if row < m and col < l:
        out[row, col] = acc + b[col]
