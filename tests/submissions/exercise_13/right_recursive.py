# expect: passed
import numpy as np


def sigmoid(z):
    return 0.5 * (1 + np.tanh(z / 2))


F = {"sigmoid": sigmoid, "tanh": np.tanh, "relu": lambda z: np.where(z > 0, z, 0)}
D = {
    "sigmoid": lambda z: sigmoid(z) * sigmoid(-z),
    "tanh": lambda z: (1 - np.tanh(z)) * (1 + np.tanh(z)),
    "relu": lambda z: np.where(z > 0, 1, 0),
}


def gradient_norms(X, layers, activation):
    norms, _ = _norms(X, layers, activation)
    return tuple(norms)


def _norms(h, layers, activation):
    """(norms from this layer on, d(sum of outputs)/dz of this layer)"""
    W, b = layers[0]
    z = h @ W + b
    if len(layers) == 1:
        delta = np.ones(z.shape)
        later = []
    else:
        later, delta_above = _norms(F[activation](z), layers[1:], activation)
        delta = D[activation](z) * (delta_above @ layers[1][0].T)
    return [np.linalg.norm(h.T @ delta, "fro")] + later, delta


def activation_means(X, layers, activation):
    if len(layers) == 1:
        return []
    W, b = layers[0]
    h = F[activation](X @ W + b)
    return [np.sum(h) / h.size] + activation_means(h, layers[1:], activation)


def dead_fraction(X, layers):
    if len(layers) == 1:
        return []
    (W, b), *rest = layers
    h = F["relu"](X @ W + b)
    return [np.count_nonzero(h.max(axis=0) == 0) / len(b)] + dead_fraction(h, rest)
