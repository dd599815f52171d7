# expect: forward-input-activated
import numpy as np


def linear(X, W, b):
    return X @ W + b


def act(z, activation):
    if activation == "sigmoid":
        return 1 / (1 + np.exp(-z))
    if activation == "tanh":
        return np.tanh(z)
    return np.maximum(z, 0)


def forward_trace(X, layers, activation="sigmoid"):
    trace = []
    h = X
    for i, (W, b) in enumerate(layers):
        z = linear(act(h, activation), W, b)
        h = z
        trace.append((z, act(z, activation) if i < len(layers) - 1 else z))
    return trace


def forward(X, layers, activation="sigmoid"):
    h = X
    for W, b in layers:
        h = linear(act(h, activation), W, b)
    return h
