# expect: forward-no-activation, trace-no-activation
# score: 2.67
import numpy as np


def linear(X, W, b):
    return X @ W + b


def act(z, activation):
    if activation == "sigmoid":
        return 1 / (1 + np.exp(-z))
    if activation == "tanh":
        return np.tanh(z)
    return np.maximum(z, 0)


def forward(X, layers, activation="sigmoid"):
    # matrix times matrix times matrix, see slide
    h = X
    for W, b in layers:
        h = linear(h, W, b)
    return h


def forward_trace(X, layers, activation="sigmoid"):
    h = X
    trace = []
    for W, b in layers:
        h = linear(h, W, b)
        trace.append((h, h))
    return trace
