# expect: passed
# Two buffers taking turns: one barrier for each tile is enough.
import math
from numba import cuda, float32

TILE = 16

@cuda.jit
def sigmoid_kernel(x, out):
    tid = cuda.threadIdx.x + cuda.blockIdx.x * cuda.blockDim.x
    if tid < x.size:
        val = x[tid]
        out[tid] = 1.0 / (1.0 + math.exp(-val))

@cuda.jit
def sigmoid_backward_kernel(y, grad_y, grad_x):
    tid = cuda.threadIdx.x + cuda.blockIdx.x * cuda.blockDim.x
    if tid < y.size:
        slope = y[tid] * (1.0 - y[tid])
        grad_x[tid] = slope * grad_y[tid]

@cuda.jit
def linear_kernel(X, W, b, out):
    xs = cuda.shared.array((2, TILE, TILE), float32)
    ws = cuda.shared.array((2, TILE, TILE), float32)
    c, r = cuda.grid(2)
    tx = cuda.threadIdx.x
    ty = cuda.threadIdx.y
    acc = float32(0)
    which = 0
    for s in range(0, X.shape[1], TILE):
        if r < X.shape[0] and s + tx < X.shape[1]:
            xs[which, ty, tx] = X[r, s + tx]
        else:
            xs[which, ty, tx] = 0
        if c < W.shape[1] and s + ty < W.shape[0]:
            ws[which, ty, tx] = W[s + ty, c]
        else:
            ws[which, ty, tx] = 0
        cuda.syncthreads()
        for k in range(TILE):
            acc = cuda.fma(xs[which, ty, k], ws[which, k, tx], acc)
        which = 1 - which
    if r < out.shape[0] and c < out.shape[1]:
        out[r, c] = acc + b[c]
