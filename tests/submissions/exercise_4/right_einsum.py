# expect: passed
import numpy as np


def mse_loss(prediction, target):
    e = prediction - target
    return np.einsum("ij,ij->", e, e) / len(e) / 2


def backward(X, Y, layers, activation="sigmoid"):
    f = {
        "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda a: a - a**2),
        "tanh": (np.tanh, lambda a: 1 - a**2),
        "relu": (lambda z: z * (z > 0), lambda a: np.where(a > 0, 1, 0)),
    }
    func, slope = f[activation]
    h = [X]
    for W, b in layers[:-1]:
        h.append(func(np.einsum("mi,io->mo", h[-1], W) + b))
    W, b = layers[-1]
    delta = np.einsum("mi,io->mo", h[-1], W) + b - Y
    out = [None] * len(layers)
    for i in range(len(layers))[::-1]:
        out[i] = (np.einsum("mi,mo->io", h[i], delta) / len(X), np.einsum("mo->o", delta) / len(X))
        delta = np.einsum("mo,io,mi->mi", delta, layers[i][0], slope(h[i]))
    return out
