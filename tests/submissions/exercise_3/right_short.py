# expect: passed
import numpy as np

def linear(X, W, b):
    return X @ W + b

def act(z, name):
    if name == "sigmoid":
        return 1 / (1 + np.exp(-z))
    if name == "tanh":
        return np.tanh(z)
    return np.maximum(0, z)

def forward(X, layers, activation="sigmoid"):
    a = X
    for W, b in layers[:-1]:
        a = act(linear(a, W, b), activation)
    W, b = layers[-1]
    return linear(a, W, b)

def forward_trace(X, layers, activation="sigmoid"):
    out = []
    a = X
    for W, b in layers[:-1]:
        z = linear(a, W, b)
        a = act(z, activation)
        out.append((z, a))
    W, b = layers[-1]
    z = linear(a, W, b)
    out.append((z, z))
    return out
