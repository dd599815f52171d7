# expect: trace-input-pair
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
    trace = [(X, X)]
    for i, (W, b) in enumerate(layers):
        z = linear(trace[-1][1], W, b)
        trace.append((z, act(z, activation) if i < len(layers) - 1 else z))
    return trace
