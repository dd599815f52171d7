# expect: passed
import math
from numba import cuda, float32

TILE = 16

if cuda.is_available():
    device = cuda.get_current_device()
    print(f"on {device.name}, {4 * device.MULTIPROCESSOR_COUNT} blocks")
for gpu in cuda.gpus:
    print(gpu)
stream = cuda.stream()

@cuda.jit
def sigmoid_kernel(x, out):
    i = cuda.grid(1)
    if i < x.size:
        out[i] = 1 / (1 + math.exp(-x[i]))


@cuda.jit
def sigmoid_backward_kernel(y, grad_y, grad_x):
    i = cuda.grid(1)
    if i < y.size:
        grad_x[i] = grad_y[i] * (0.25 - (y[i] - 0.5) ** 2)


@cuda.jit
def linear_kernel(X, W, b, out):
    xs = cuda.shared.array((TILE, TILE), float32)
    ws = cuda.shared.array((TILE, TILE), float32)
    col, row = cuda.grid(2)
    tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
    acc = float32(0)
    for k in range(0, X.shape[1], TILE):
        xs[ty, tx] = X[row, k + tx] if row < X.shape[0] and k + tx < X.shape[1] else 0
        ws[ty, tx] = W[k + ty, col] if col < W.shape[1] and k + ty < W.shape[0] else 0
        cuda.syncthreads()
        for j in range(TILE):
            acc += xs[ty, j] * ws[j, tx]
        cuda.syncthreads()
    if row < out.shape[0] and col < out.shape[1]:
        out[row, col] = acc + b[col]

