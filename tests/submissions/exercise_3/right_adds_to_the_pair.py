# expect: passed
import numpy as np
def linear(X, W, b): return X @ W + b
F = {"sigmoid": lambda z: 1 / (1 + np.exp(-z)), "tanh": np.tanh, "relu": lambda z: np.maximum(z, 0)}
def forward_trace(X, layers, activation="sigmoid"):
    args = [layer + (F[activation],) for layer in layers[:-1]] + [layers[-1] + (lambda z: z,)]
    out = []
    for W, b, f in args:
        z = linear(X, W, b); X = f(z); out.append((z, X))
    return out
def forward(X, layers, activation="sigmoid"): return forward_trace(X, layers, activation)[-1][1]
