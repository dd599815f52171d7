# expect: passed
import math
from numba import cuda, float32, float64

TILE = 16

@cuda.jit
def sigmoid_kernel(x, out):
    i = cuda.blockDim.x * cuda.blockIdx.x + cuda.threadIdx.x
    if i >= len(x):
        return
    # exp of something negative only
    e = math.exp(-abs(x[i]))
    out[i] = (1 if x[i] >= 0 else e) / (1 + e)

@cuda.jit
def sigmoid_backward_kernel(y, grad_y, grad_x):
    i = cuda.blockDim.x * cuda.blockIdx.x + cuda.threadIdx.x
    if i >= len(y):
        return
    rest = 1 - y[i]
    grad_x[i] = rest * y[i] * grad_y[i]

@cuda.jit
def linear_kernel(X, W, b, out):
    """The sum is backwards and in double precision; only as many terms as there are."""
    xs = cuda.shared.array((TILE, TILE), float32)
    ws = cuda.shared.array((TILE, TILE), float32)
    mine = cuda.local.array(TILE, float32)
    x = cuda.threadIdx.x
    y = cuda.threadIdx.y
    col = cuda.blockIdx.x * TILE + x
    row = cuda.blockIdx.y * TILE + y
    m, n = X.shape
    n, l = W.shape
    total = float64(0)
    start = (n - 1) // TILE * TILE
    while start >= 0:
        width = min(TILE, n - start)
        if row < m and x < width:
            xs[y, x] = X[row, start + x]
        if col < l and y < width:
            ws[y, x] = W[start + y, col]
        cuda.syncthreads()
        if row < m and col < l:
            for k in range(width):
                mine[k] = xs[y, k]
            for k in range(width):
                total += mine[k] * ws[k, x]
        cuda.syncthreads()
        start -= TILE
    if row < m and col < l:
        out[row, col] = total + b[col]
