# expect: forward-first-layer-reused, trace-first-layer-reused
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
    W, b = layers[0]
    trace = []
    h = X
    for i in range(len(layers)):
        z = linear(h, W, b)
        h = z if i == len(layers) - 1 else act(z, activation)
        trace.append((z, h))
    return trace


def forward(X, layers, activation="sigmoid"):
    return forward_trace(X, layers, activation)[-1][1]
