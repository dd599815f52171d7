# expect: passed
import math

from numba import cuda, float32

TILE = 16


def check():
    # my own little test, with NumPy arrays
    import numpy as np
    x = np.linspace(-3, 3, 7).astype(np.float32)
    d_x = cuda.to_device(x)
    d_out = cuda.device_array_like(d_x)
    sigmoid_kernel[1, 8](d_x, d_out)
    cuda.synchronize()
    out = d_out.copy_to_host()
    assert np.allclose(out, 1 / (1 + np.exp(-x)), atol=1e-6)
    print("sigmoid ok", out.shape)


@cuda.jit
def sigmoid_kernel(x, out):
    pos = cuda.grid(1)
    if pos < x.size:
        out[pos] = 1.0 / (math.exp(-x[pos]) + 1.0)


@cuda.jit
def sigmoid_backward_kernel(y, grad_y, grad_x):
    pos = cuda.grid(1)
    if pos < y.size:
        grad_x[pos] = y[pos] * (1.0 - y[pos]) * grad_y[pos]


@cuda.jit
def linear_kernel(X, W, b, out):
    # the first row of threads fetches the bias for everybody
    bias = cuda.shared.array(TILE, float32)
    xt = cuda.shared.array((TILE, TILE), float32)
    wt = cuda.shared.array((TILE, TILE), float32)
    col, row = cuda.grid(2)
    tx = cuda.threadIdx.x
    ty = cuda.threadIdx.y
    if ty == 0 and col < b.size:
        bias[tx] = b[col]
    acc = 0.0
    for t in range(-(-X.shape[1] // TILE)):
        if row < X.shape[0] and t * TILE + tx < X.shape[1]:
            xt[ty, tx] = X[row, t * TILE + tx]
        else:
            xt[ty, tx] = 0.0
        if t * TILE + ty < X.shape[1] and col < b.size:
            wt[ty, tx] = W[t * TILE + ty, col]
        else:
            wt[ty, tx] = 0.0
        cuda.syncthreads()
        for k in range(TILE):
            acc += xt[ty, k] * wt[k, tx]
        cuda.syncthreads()
    if row < X.shape[0] and col < b.size:
        out[row, col] = acc + bias[tx]


check()
