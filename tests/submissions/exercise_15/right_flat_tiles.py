# expect: passed
"""One-dimensional shared memory, rows as slices, a local array for the partial sums."""
import math
from numba import cuda, float32

TILE = 16
SIZE = TILE * TILE


@cuda.jit
def sigmoid_kernel(x, out):
    i = cuda.grid(1)
    n, = x.shape
    if i < n:
        if x[i] > 0:
            out[i] = 1 / (1 + math.exp(-x[i]))
        else:
            z = math.exp(x[i])
            out[i] = z / (1 + z)


@cuda.jit
def sigmoid_backward_kernel(y, grad_y, grad_x):
    i = cuda.grid(1)
    if not i < y.size:
        return
    grad_x[i] = y[i]
    grad_x[i] *= 1 - y[i]
    grad_x[i] *= grad_y[i]


@cuda.jit
def linear_kernel(X, W, b, out):
    xs = cuda.shared.array(SIZE, float32); ws = cuda.shared.array(SIZE, float32)
    part = cuda.local.array(4, float32)
    for p in range(4):
        part[p] = 0
    gx, gy = cuda.grid(2)
    tx = cuda.threadIdx.x
    ty = cuda.threadIdx.y
    me = ty * TILE + tx
    m, n = X.shape
    l = b.shape[0]
    for start in range(0, n, TILE):
        if gy < m and start + tx < n:
            line = X[gy]
            xs[me] = line[start + tx]
        else:
            xs[me] = 0.0
        if start + ty < n and gx < l:
            ws[me] = W[start + ty][gx]
        else:
            ws[me] = 0.0
        cuda.syncthreads()
        for k in range(TILE):
            part[k % 4] += xs[ty * TILE + k] * ws[k * TILE + tx]
        cuda.syncthreads()
    if gy < m and gx < l:
        total = part[0] + part[1] + part[2] + part[3]
        out[gy, gx] = total + b[gx]
