# expect: passed
import numpy as np
from exercise_3 import forward_trace
from exercise_4 import slope


def gradient_norms(X, layers, activation):
    pairs = forward_trace(X, layers, activation)
    outputs = pairs[-1][0]
    delta = outputs * 0 + 1
    norms = []
    for (W, _), above, (z, h) in zip(layers[:0:-1], pairs[:0:-1], pairs[-2::-1]):
        norms.append(np.linalg.norm(h.T @ delta))
        delta = delta @ W.T * slope(z, activation)
    norms.append(np.linalg.norm(X.T @ delta))
    norms.reverse()
    return norms


def activation_means(X, layers, activation):
    *hidden, _ = forward_trace(X, layers, activation)
    return [np.mean(h) for _, h in hidden]


def dead_fraction(X, layers):
    *hidden, _ = forward_trace(X, layers, "relu")
    return [np.mean(~np.any(z > 0, axis=0)) for z, _ in hidden]
