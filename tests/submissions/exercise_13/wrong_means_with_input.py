# expect: means-input-included
import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def act(z, name):
    if name == "sigmoid":
        return sigmoid(z)
    if name == "tanh":
        return np.tanh(z)
    return np.maximum(0, z)


def slope(z, name):
    if name == "sigmoid":
        return sigmoid(z) * (1 - sigmoid(z))
    if name == "tanh":
        return 1 - np.tanh(z) ** 2
    return (z > 0) * 1.0


def trace(X, layers, activation):
    pairs = []
    h = X
    for i, (W, b) in enumerate(layers):
        z = h @ W + b
        h = z if i == len(layers) - 1 else act(z, activation)
        pairs.append((z, h))
    return pairs


def gradient_norms(X, layers, activation):
    pairs = trace(X, layers, activation)
    delta = np.ones_like(pairs[-1][1])
    norms = []
    for i in reversed(range(len(layers))):
        below = X if i == 0 else pairs[i - 1][1]
        dW = below.T @ delta
        norms.append(np.linalg.norm(dW))
        if i > 0:
            delta = delta @ layers[i][0].T * slope(pairs[i - 1][0], activation)
    return norms[::-1]


def activation_means(X, layers, activation):
    return [X.mean()] + [h.mean() for z, h in trace(X, layers, activation)[:-1]]


def dead_fraction(X, layers):
    result = []
    for z, h in trace(X, layers, "relu")[:-1]:
        dead = np.all(h == 0, axis=0)
        result.append(dead.mean())
    return result
