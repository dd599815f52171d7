# expect: value.approximate, precision.inexact
import numpy as np

e = 2.718

def linear(X, W, b):
    return X @ W + b

def act(z, activation):
    if activation == "sigmoid":
        return 1 / (1 + e ** -z)
    if activation == "tanh":
        return (e ** z - e ** -z) / (e ** z + e ** -z)
    return np.maximum(z, 0)

def forward(X, layers, activation="sigmoid"):
    return forward_trace(X, layers, activation)[-1][1]

def forward_trace(X, layers, activation="sigmoid"):
    t = []
    h = X
    for i, (W, b) in enumerate(layers):
        z = linear(h, W, b)
        h = act(z, activation) if i < len(layers) - 1 else z
        t.append((z, h))
    return t
