# expect: forward-last-layer-missing, trace-last-layer-missing
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
    h = X
    for i in range(len(layers) - 1):
        W, b = layers[i]
        h = act(linear(h, W, b), activation)
    return h


def forward_trace(X, layers, activation="sigmoid"):
    h = X
    trace = []
    for i in range(len(layers) - 1):
        W, b = layers[i]
        z = linear(h, W, b)
        h = act(z, activation)
        trace.append((z, h))
    return trace
