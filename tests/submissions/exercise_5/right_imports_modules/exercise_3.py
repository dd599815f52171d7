import numpy as np


def linear(X, W, b):
    return X @ W + b


def activate(z, activation):
    if activation == "sigmoid":
        return 1 / (1 + np.exp(-z))
    elif activation == "tanh":
        return np.tanh(z)
    return np.maximum(0, z)


def forward_trace(X, layers, activation="sigmoid"):
    trace = []
    a = X
    for i, (W, b) in enumerate(layers):
        z = linear(a, W, b)
        a = activate(z, activation) if i < len(layers) - 1 else z
        trace.append((z, a))
    return trace


def forward(X, layers, activation="sigmoid"):
    return forward_trace(X, layers, activation)[-1][1]
