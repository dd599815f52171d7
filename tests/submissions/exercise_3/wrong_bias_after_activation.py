# expect: forward-activation-before-bias, trace-activation-before-bias
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
    for i, (W, b) in enumerate(layers):
        if i == len(layers) - 1:
            z = h @ W + b
            h = z
        else:
            z = h @ W
            h = act(z, activation) + b
        trace.append((z, h))
    return trace


def forward(X, layers, activation="sigmoid"):
    return forward_trace(X, layers, activation)[-1][1]
