# expect: outcome.raised
import numpy as np

ACT = {"sigmoid": lambda z: 1 / (1 + np.exp(-z)), "tanh": np.tanh, "ReLU": lambda z: np.maximum(z, 0)}

def linear(X, W, b):
    return X @ W + b

def forward_trace(X, layers, activation="sigmoid"):
    pairs = []
    for W, b in layers:
        z = linear(X, W, b)
        X = ACT[activation](z)
        pairs.append((z, X))
    pairs[-1] = (z, z)
    return pairs

def forward(X, layers, activation="sigmoid"):
    return forward_trace(X, layers, activation)[-1][1]
