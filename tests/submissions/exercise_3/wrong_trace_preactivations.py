# expect: trace-preactivation-twice-stored
# score: 6.83
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
    for W, b in layers[:-1]:
        h = act(linear(h, W, b), activation)
    return linear(h, *layers[-1])


def forward_trace(X, layers, activation="sigmoid"):
    trace = []
    for i, (W, b) in enumerate(layers):
        z = linear(X, W, b)
        trace.append((z, z))
        X = act(z, activation)
    return trace
