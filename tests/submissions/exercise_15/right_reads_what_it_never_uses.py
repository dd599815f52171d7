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
    xs = cuda.shared.array((TILE, TILE), float32)
    ws = cuda.shared.array((TILE, TILE), float32)
    col, row = cuda.grid(2)
    tx = cuda.threadIdx.x
    ty = cuda.threadIdx.y
    m, n = X.shape
    l = W.shape[1]
    total = float32(0)
    # Threads outside of out sum up what nobody has written, and write it nowhere.
    for start in range(0, n, TILE):
        if row < m and start + tx < n:
            xs[ty, tx] = X[row, start + tx]
        if col < l and start + ty < n:
            ws[ty, tx] = W[start + ty, col]
        cuda.syncthreads()
        for k in range(min(TILE, n - start)):
            total += xs[ty, k] * ws[k, tx]
        cuda.syncthreads()
    if row < m and col < l:
        out[row, col] = total + b[col]
