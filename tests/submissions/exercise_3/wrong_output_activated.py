# expect: forward-output-activated, trace-output-activated
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


def forward_trace(X, layers, activation="sigmoid"):
    trace = []
    h = X
    for W, b in layers:
        z = linear(h, W, b)
        h = act(z, activation)
        trace.append((z, h))
    return trace


def forward(X, layers, activation="sigmoid"):
    h = X
    for W, b in layers:
        h = act(linear(h, W, b), activation)
    return h
