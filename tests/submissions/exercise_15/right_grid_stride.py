# expect: passed
import math

from numba import cuda, float32

TILE = 16


@cuda.jit
def sigmoid_kernel(x, out):
    start = cuda.grid(1)
    stride = cuda.gridsize(1)
    for i in range(start, x.shape[0], stride):
        out[i] = 1.0 / (1.0 + math.exp(-x[i]))


@cuda.jit
def sigmoid_backward_kernel(y, grad_y, grad_x):
    for i in range(cuda.grid(1), y.shape[0], cuda.gridDim.x * cuda.blockDim.x):
        s = y[i]
        grad_x[i] = s * (1.0 - s) * grad_y[i]


@cuda.jit
def linear_kernel(X, W, b, out):
    # x counts the rows here
    row, col = cuda.grid(2)
    tx = cuda.threadIdx.x
    ty = cuda.threadIdx.y
    sX = cuda.shared.array(shape=(TILE, TILE), dtype=float32)
    sW = cuda.shared.array(shape=(TILE, TILE), dtype=float32)

    acc = float32(0.0)
    for t in range((X.shape[1] + TILE - 1) // TILE):
        sX[tx, ty] = 0.0
        sW[tx, ty] = 0.0
        if row < X.shape[0] and t * TILE + ty < X.shape[1]:
            sX[tx, ty] = X[row, t * TILE + ty]
        if col < W.shape[1] and t * TILE + tx < W.shape[0]:
            sW[tx, ty] = W[t * TILE + tx, col]
        cuda.syncthreads()
        for k in range(TILE):
            acc += sX[tx, k] * sW[k, ty]
        cuda.syncthreads()
    if row < out.shape[0] and col < out.shape[1]:
        out[row, col] = acc + b[col]
