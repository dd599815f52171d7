# expect: passed
import numpy as np


def linear(X, W, b):
    # sum of outer products, one feature after the other
    total = np.broadcast_to(b, (X.shape[0], b.size)).astype(float)
    for k in range(X.shape[1]):
        total = total + np.outer(X[:, k], W[k])
    return total


def _walk(X, layers, activation):
    functions = {
        "sigmoid": lambda z: np.piecewise(
            z, [z < 0, z >= 0], [lambda t: np.exp(t) / (1 + np.exp(t)), lambda t: 1 / (1 + np.exp(-t))]
        ),
        "tanh": np.tanh,
        "relu": lambda z: np.where(z < 0, 0.0, z),
    }
    h = X
    left = len(layers)
    for W, b in layers:
        left -= 1
        z = linear(h, W, b)
        h = functions[activation](z) if left else z
        yield z, h


def forward_trace(X, layers, activation="sigmoid"):
    return list(_walk(X, layers, activation))


def forward(X, layers, activation="sigmoid"):
    for _, prediction in _walk(X, layers, activation):
        pass
    return prediction
