# expect: value.mismatch
import numpy as np


ACT = {
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
}


def linear(X, W, b):
    return X @ W + b


def forward_trace(X, layers, activation="sigmoid"):
    W, b = layers[0]
    z = linear(X, W, b)
    if len(layers) == 1:
        return [(z, z)]
    h = ACT[activation](z)
    return [(z, h)] + forward_trace(h, layers[1:])


def forward(X, layers, activation="sigmoid"):
    for W, b in layers[:-1]:
        X = ACT[activation](linear(X, W, b))
    return linear(X, *layers[-1])
