# expect: passed
import numpy as np

def linear(X, W, b):
    return np.add(np.matmul(X, W), b)

def squash(z, activation):
    match activation:
        case "sigmoid":
            return np.exp(z) / (1 + np.exp(z))
        case "tanh":
            return np.sinh(z) / np.cosh(z)
        case "relu":
            return np.clip(z, 0, None)
        case _:
            raise ValueError(activation)

def forward(X, layers, activation="sigmoid"):
    (W, b), *rest = layers
    z = linear(X, W, b)
    if not rest:
        return z
    return forward(squash(z, activation), rest, activation)

def forward_trace(X, layers, activation="sigmoid"):
    (W, b), *rest = layers
    z = linear(X, W, b)
    if not rest:
        return [(z, z)]
    h = squash(z, activation)
    return [(z, h)] + forward_trace(h, rest, activation)
