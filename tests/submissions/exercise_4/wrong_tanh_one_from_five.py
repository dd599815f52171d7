# expect: returned
import numpy as np


def sig(z):
    return 1 / (1 + np.exp(-z))


def tanh(z):
    return np.where(abs(z) >= 5, np.sign(z), np.tanh(z))


ACT = {"sigmoid": sig, "tanh": tanh, "relu": lambda z: np.maximum(z, 0)}


SLOPE = {
    "sigmoid": lambda z: sig(z) * (1 - sig(z)),
    "tanh": lambda z: 1 - tanh(z) ** 2,
    "relu": lambda z: (z > 0) * 1.0,
}


def mse_loss(prediction, target):
    return float(np.sum((prediction - target) ** 2) / (2 * len(prediction)))


def trace(X, layers, activation):
    pairs = []
    h = X
    for i, (W, b) in enumerate(layers):
        z = h @ W + b
        h = z if i == len(layers) - 1 else ACT[activation](z)
        pairs.append((z, h))
    return pairs


def backward(X, Y, layers, activation="sigmoid"):
    pairs = trace(X, layers, activation)
    delta = (pairs[-1][1] - Y) / len(X)
    g = []
    for i in reversed(range(len(layers))):
        below = pairs[i - 1][1] if i else X
        g.insert(0, (below.T @ delta, delta.sum(axis=0)))
        if i:
            delta = delta @ layers[i][0].T * SLOPE[activation](pairs[i - 1][0])
    return g
