# expect: passed
import numpy as np


ACT = {
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": lambda z: 1 - 2 / (1 + np.exp(2 * z)),
    "relu": lambda z: (z + abs(z)) / 2,
}


def linear(X, W, b):
    ones = np.ones((len(X), 1))
    return np.hstack([X, ones]) @ np.vstack([W, b])


def forward_trace(X, layers, activation="sigmoid"):
    pairs = []
    h = X
    for i, (W, b) in enumerate(layers):
        z = linear(h, W, b)
        h = z if i == len(layers) - 1 else ACT[activation](z)
        pairs.append((z, h))
    return pairs


def forward(X, layers, activation="sigmoid"):
    return forward_trace(X, layers, activation)[-1][1]
