# expect: cuda.read-by-everybody
# score: 9
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
    col, row = cuda.grid(2)
    if row < out.shape[0] and col < out.shape[1]:
        total = float32(0)
        for k in range(X.shape[1]):
            total += X[row, k] * W[k, col]
        out[row, col] = total + b[col]
