# expect: no-activation, means-of-preactivations
import numpy as np


def gradient_norms(X, layers, activation):
    inputs = [X]
    for W, b in layers[:-1]:
        inputs.append(inputs[-1] @ W + b)
    delta = np.ones((len(X), layers[-1][0].shape[1]))
    norms = []
    for (W, b), h in zip(layers[::-1], inputs[::-1]):
        norms.insert(0, np.linalg.norm(h.T @ delta))
        delta = delta @ W.T
    return norms


def activation_means(X, layers, activation):
    f = {"sigmoid": lambda z: 1 / (1 + np.exp(-z)), "tanh": np.tanh, "relu": lambda z: np.maximum(z, 0)}[activation]
    means = []
    for W, b in layers[:-1]:
        z = X @ W + b
        means.append(z.mean())
        X = f(z)
    return means


def dead_fraction(X, layers):
    dead = []
    for W, b in layers[:-1]:
        X = np.maximum(X @ W + b, 0)
        dead.append((X == 0).all(axis=0).mean())
    return dead
