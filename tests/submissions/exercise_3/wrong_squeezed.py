# expect: shape.mismatch
# score: 8.75
import numpy as np

def linear(X, W, b):
    return np.squeeze(X @ W + b)


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
        z = h @ W + b
        h = act(z, activation) if i < len(layers) - 1 else z
        trace.append((z, h))
    return trace


def forward(X, layers, activation="sigmoid"):
    return forward_trace(X, layers, activation)[-1][1]
