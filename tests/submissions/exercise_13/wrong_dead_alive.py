# expect: dead-alive
import numpy as np

ACT = {"sigmoid": lambda z: 1 / (1 + np.exp(-z)), "tanh": np.tanh, "relu": lambda z: z * (z > 0)}
SLOPE_FROM_H = {"sigmoid": lambda h: h * (1 - h), "tanh": lambda h: 1 - h * h, "relu": lambda h: (h > 0).astype(float)}


def hidden(X, layers, activation):
    hs = []
    for W, b in layers[:-1]:
        X = ACT[activation](X.dot(W) + b)
        hs.append(X)
    return hs


def gradient_norms(X, layers, activation):
    hs = [X] + hidden(X, layers, activation)
    W_last = layers[-1][0]
    error = np.ones((X.shape[0], W_last.shape[1]))
    out = [0.0] * len(layers)
    for k in range(len(layers) - 1, -1, -1):
        grad = hs[k].T.dot(error)
        out[k] = float((grad ** 2).sum() ** 0.5)
        if k:
            error = error.dot(layers[k][0].T) * SLOPE_FROM_H[activation](hs[k])
    return out


def activation_means(X, layers, activation):
    return [float(np.average(h)) for h in hidden(X, layers, activation)]


def dead_fraction(X, layers):
    fractions = []
    for h in hidden(X, layers, "relu"):
        alive = (h > 0).any(axis=0)
        fractions.append(alive.sum() / alive.size)
    return fractions
