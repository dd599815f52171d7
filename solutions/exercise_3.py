"""Exercise 3, worked: the forward pass."""

import numpy as np

ACTIVATIONS = {
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
}


def linear(X, W, b):
    """Every row of X meets every column of W; b is added to every row of the product."""
    return X @ W + b


def forward(X, layers, activation="sigmoid"):
    """The prediction is where the trace ends."""
    _, prediction = forward_trace(X, layers, activation)[-1]
    return prediction


def forward_trace(X, layers, activation="sigmoid"):
    """One variable, h, runs through the layers: it is what the next one receives."""
    trace = []
    h = X
    for number, (W, b) in enumerate(layers, start=1):
        z = linear(h, W, b)
        # The output layer stays linear: a prediction may be any number.
        h = z if number == len(layers) else ACTIVATIONS[activation](z)
        trace.append((z, h))
    return trace
