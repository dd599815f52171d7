# expect: forward-sigmoid-underneath
import numpy as np

def linear(X, W, b):
    return X @ W + b

def forward(X, layers, activation="sigmoid"):
    h = X
    for i, (W, b) in enumerate(layers):
        h = linear(h, W, b)
        if i == len(layers) - 1:
            break
        h = 1 / (1 + np.exp(-h))
        if activation == "tanh":
            h = np.tanh(h)
        elif activation == "relu":
            h = np.maximum(h, 0)
    return h

def forward_trace(X, layers, activation="sigmoid"):
    pass # TODO
