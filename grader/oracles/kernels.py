"""A network in CUDA, from the kernels of exercise 15's worked answer, in float32.

Imported only where there is a GPU (or, in a test, numba's simulator): importing numba takes
seconds. Arrays in and out are NumPy's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numba import cuda, float32

from grader.model import Array

TILE = 16
_THREADS = 128


# --- the kernels: word for word those of solutions/exercise_15.py, as a test says ---------------


@cuda.jit
def sigmoid_kernel(x, out):
    """One thread, one element; threads beyond the end have nothing to do."""
    i = cuda.grid(1)
    if i < x.size:
        out[i] = 1 / (1 + math.exp(-x[i]))


@cuda.jit
def sigmoid_backward_kernel(y, grad_y, grad_x):
    """σ′ follows from the output alone: y·(1 − y)."""
    i = cuda.grid(1)
    if i < y.size:
        grad_x[i] = grad_y[i] * y[i] * (1 - y[i])


@cuda.jit
def linear_kernel(X, W, b, out):
    """Each thread fetches one number of either tile, and then uses a row and a column of them."""
    X_tile = cuda.shared.array((TILE, TILE), float32)
    W_tile = cuda.shared.array((TILE, TILE), float32)
    column, row = cuda.grid(2)
    x, y = cuda.threadIdx.x, cuda.threadIdx.y
    m, n = X.shape
    outputs = b.size

    total = float32(0)
    # Rounded up: the last tile may reach beyond the end.
    for start in range(0, n, TILE):
        # No early return for threads outside: they are needed to fetch and at the barriers.
        # Where there is no number, a zero changes no sum.
        X_tile[y, x] = X[row, start + x] if row < m and start + x < n else float32(0)
        W_tile[y, x] = W[start + y, column] if start + y < n and column < outputs else float32(0)
        cuda.syncthreads()  # the tiles are complete
        for k in range(TILE):
            total += X_tile[y, k] * W_tile[k, x]
        cuda.syncthreads()  # everybody has used them: the next ones may come
    if row < m and column < outputs:
        out[row, column] = total + b[column]


# --- what is built of them ----------------------------------------------------------------------


def sigmoid(x: Array) -> Array:
    """σ of every entry; any shape."""
    flat = _device(np.ravel(x))
    out = _nothing(flat.size)
    sigmoid_kernel[_blocks(flat.size), _THREADS](flat, out)
    return _host(out).reshape(np.shape(x))


def sigmoid_backward(y: Array, grad_y: Array) -> Array:
    """∂/∂z, given y = σ(z) and ∂/∂y; any shape."""
    out = _nothing(np.size(y))
    grid = _blocks(np.size(y))
    sigmoid_backward_kernel[grid, _THREADS](_device(np.ravel(y)), _device(np.ravel(grad_y)), out)
    return _host(out).reshape(np.shape(y))


def sigmoid_slope(x: Array) -> Array:
    """σ′ of every entry; any shape."""
    return sigmoid_backward(sigmoid(x), np.ones(np.shape(x)))


def linear(X: Array, W: Array, b: Array) -> Array:
    """X @ W + b: (m, n), (n, l) and (l,) to (m, l)."""
    m, outputs = len(X), len(b)
    out = _nothing((m, outputs))
    side = -(-max(m, outputs) // TILE)
    linear_kernel[(side, side), (TILE, TILE)](_device(X), _device(W), _device(b), out)
    return _host(out)


def trace(X: Array, layers: Sequence[tuple[Array, Array]]) -> list[tuple[Array, Array]]:
    """(preactivation, activation) of each layer; sigmoid between, the last one linear."""
    pairs = []
    for number, (W, b) in enumerate(layers, 1):
        z = linear(X, W, b)
        X = z if number == len(layers) else sigmoid(z)
        pairs.append((z, X))
    return pairs


def backward(X: Array, Y: Array, layers: Sequence[tuple[Array, Array]]) -> list[Any]:
    """(∂J/∂W, ∂J/∂b) of each layer, J = 1/(2m) Σ (ŷ − y)² over samples and outputs."""
    pairs = trace(X, layers)
    inputs = [X, *(a for _, a in pairs[:-1])]
    ones = np.ones((1, len(X)))
    delta = (pairs[-1][1] - np.asarray(Y, dtype=np.float32)) / np.float32(len(X))
    gradients: list[Any] = []
    for (W, _), a in zip(reversed(layers), reversed(inputs), strict=True):
        outputs = np.zeros(delta.shape[1])
        dW = linear(np.transpose(a), delta, outputs)
        gradients.insert(0, (dW, linear(ones, delta, outputs)[0]))
        if len(gradients) < len(layers):
            passed = linear(delta, np.transpose(W), np.zeros(len(W)))
            delta = sigmoid_backward(a, passed)
    return gradients


def _blocks(size: int) -> int:
    return max(1, math.ceil(size / _THREADS))


def _device(x: Any) -> Any:
    return cuda.to_device(np.ascontiguousarray(x, dtype=np.float32))


def _nothing(shape: Any) -> Any:
    return cuda.to_device(np.full(shape, np.nan, dtype=np.float32))


def _host(x: Any) -> Array:
    return np.asarray(x.copy_to_host(), dtype=np.float64)
