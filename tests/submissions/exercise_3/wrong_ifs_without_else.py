# expect: forward-sigmoid-on-top
import numpy as np

def linear(X, W, b):
    return X @ W + b

def hidden(z, activation):
    if activation == "tanh":
        z = np.tanh(z)
    if activation == "relu":
        z = np.maximum(z, 0)
    z = 1 / (1 + np.exp(-z))
    return z

def forward_trace(X, layers, activation="sigmoid"):
    out, h = [], X
    for W, b in layers[:-1]:
        z = linear(h, W, b)
        h = hidden(z, activation)
        out.append((z, h))
    z = linear(h, layers[-1][0], layers[-1][1])
    out.append((z, z))
    return out

def forward(X, layers, activation="sigmoid"):
    return forward_trace(X, layers, activation)[-1][1]
