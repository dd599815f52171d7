# expect: precision.inexact
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
    h = 1e-6
    norms = []
    layers = [(W.astype(float), b) for W, b in layers]
    for W, b in layers:
        dW = np.zeros(W.shape)
        for index in np.ndindex(W.shape):
            w = W[index]
            W[index] = w + h
            up = trace(X, layers, activation)[-1][1].sum()
            W[index] = w - h
            down = trace(X, layers, activation)[-1][1].sum()
            W[index] = w
            dW[index] = (up - down) / (2 * h)
        norms.append(np.linalg.norm(dW))
    return norms


def activation_means(X, layers, activation):
    return [h.mean() for z, h in trace(X, layers, activation)[:-1]]


def dead_fraction(X, layers):
    result = []
    for z, h in trace(X, layers, "relu")[:-1]:
        dead = np.all(h == 0, axis=0)
        result.append(dead.mean())
    return result
