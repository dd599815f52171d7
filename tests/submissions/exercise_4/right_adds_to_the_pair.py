# expect: passed
import numpy as np
def mse_loss(prediction, target):
    return np.sum((prediction - target) ** 2) / (2 * len(prediction))
F = {"sigmoid": lambda z: 1 / (1 + np.exp(-z)), "tanh": np.tanh, "relu": lambda z: np.maximum(z, 0)}
D = {"sigmoid": lambda a: a * (1 - a), "tanh": lambda a: 1 - a**2, "relu": lambda a: (a > 0) * 1.0}
def backward(X, Y, layers, activation="sigmoid"):
    caches, h = [], X
    for i, layer in enumerate(layers):
        W, b = layer
        caches.append((h,) + layer)
        z = h @ W + b
        h = F[activation](z) if i < len(layers) - 1 else z
    delta, gradients = (h - Y) / len(X), []
    for i, (h, W, b) in reversed(list(enumerate(caches))):
        gradients.insert(0, (h.T @ delta, delta.sum(axis=0)))
        if i: delta = delta @ W.T * D[activation](h)
    return gradients
