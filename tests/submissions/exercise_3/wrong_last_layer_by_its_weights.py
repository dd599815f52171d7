# expect: value.mismatch
import numpy as np


ACT = {
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
}


def linear(X, W, b):
    return X @ W + b


def forward_trace(X, layers, activation="sigmoid"):
    pairs = []
    h = X
    for i, (W, b) in enumerate(layers):
        z = linear(h, W, b)
        h = z if np.array_equal(W, layers[-1][0]) else ACT[activation](z)
        pairs.append((z, h))
    return pairs


def forward(X, layers, activation="sigmoid"):
    return forward_trace(X, layers, activation)[-1][1]
