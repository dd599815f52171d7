# expect: timed_out
import numpy as np

def linear(X, W, b):
    return X @ W + b

def forward(X, layers, activation="sigmoid"):
    h = X
    i = 0
    while i < len(layers) - 1:
        h = 1 / (1 + np.exp(-linear(X, *layers[i])))
    return linear(h, *layers[-1])

def forward_trace(X, layers, activation="sigmoid"):
    raise NotImplementedError
