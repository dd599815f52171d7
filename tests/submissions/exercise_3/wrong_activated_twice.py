# expect: forward-activation-twice
import numpy as np


def linear(X, W, b):
    return X @ W + b


def act(z, activation):
    if activation == "sigmoid":
        return 1 / (1 + np.exp(-z))
    if activation == "tanh":
        return np.tanh(z)
    return np.maximum(z, 0)


def layer(X, W, b, activation):
    return act(linear(X, W, b), activation)


def forward(X, layers, activation="sigmoid"):
    h = X
    for W, b in layers[:-1]:
        h = act(layer(h, W, b, activation), activation)
    return linear(h, *layers[-1])


def forward_trace(X, layers, activation="sigmoid"):
    raise NotImplementedError
