# expect: passed
"""Early return is fine where no barrier follows."""
import math
from numba import cuda
import numba

TILE = 16

@cuda.jit
def sigmoid_kernel(x, out):
    i = cuda.blockIdx.x * cuda.blockDim.x + cuda.threadIdx.x
    if i >= len(out):
        return
    e = math.exp(-abs(x[i]))
    if x[i] >= 0:
        out[i] = 1 / (1 + e)
    else:
        out[i] = e / (1 + e)

@cuda.jit
def sigmoid_backward_kernel(y, grad_y, grad_x):
    i = cuda.blockIdx.x * cuda.blockDim.x + cuda.threadIdx.x
    if i >= len(y):
        return
    grad_x[i] = grad_y[i] * (y[i] - y[i] ** 2)

@cuda.jit
def linear_kernel(X, W, b, out):
    tile_x = cuda.shared.array((TILE, TILE), numba.float32)
    tile_w = cuda.shared.array((TILE, TILE), numba.float32)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    col = cuda.blockIdx.x * TILE + tx
    row = cuda.blockIdx.y * TILE + ty
    m, n = X.shape
    _, l = W.shape
    inside = row < m and col < l
    # start with the bias
    s = 0.0
    if inside:
        s = b[col]
    k0 = 0
    while k0 < n:
        if row < m and k0 + tx < n:
            tile_x[ty, tx] = X[row, k0 + tx]
        if k0 + ty < n and col < l:
            tile_w[ty, tx] = W[k0 + ty, col]
        cuda.syncthreads()
        if inside:
            for k in range(min(TILE, n - k0)):
                s += tile_x[ty, k] * tile_w[k, tx]
        cuda.syncthreads()
        k0 += TILE
    if not inside:
        return
    out[row, col] = s
