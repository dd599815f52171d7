# expect: passed
"""Every thread adds what it has to its own element, tile by tile."""
import math
from numba import cuda, float32

TILE = 16

@cuda.jit
def sigmoid_kernel(x, out):
    i = cuda.grid(1)
    while i < x.size:
        # the tanh form never overflows
        out[i] = 0.5 + 0.5 * math.tanh(0.5 * x[i])
        i += cuda.gridsize(1)

@cuda.jit
def sigmoid_backward_kernel(y, grad_y, grad_x):
    i = cuda.grid(1)
    while i < y.size:
        grad_x[i] = 0
        cuda.atomic.add(grad_x, i, grad_y[i] * (y[i] - y[i] * y[i]))
        i += cuda.gridsize(1)

@cuda.jit
def linear_kernel(X, W, b, out):
    xs = cuda.shared.array((TILE, TILE), float32)
    ws = cuda.shared.array((TILE, TILE), float32)
    col, row = cuda.grid(2)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    mine = row < X.shape[0] and col < b.size
    if mine:
        out[row, col] = b[col]
    for s in range(0, X.shape[1], TILE):
        xs[ty, tx] = X[row, s + tx] if row < X.shape[0] and s + tx < X.shape[1] else 0
        ws[ty, tx] = W[s + ty, col] if s + ty < X.shape[1] and col < b.size else 0
        cuda.syncthreads()
        part = float32(0)
        for k in range(TILE):
            part += xs[ty, k] * ws[k, tx]
        if mine:
            cuda.atomic.add(out, (row, col), part)
        cuda.syncthreads()
