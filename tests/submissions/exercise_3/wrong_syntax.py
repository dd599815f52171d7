# expect: load.failed
# score: 0
import numpy as np

def linear(X, W, b)
    return X @ W + b

def forward(X, layers, activation="sigmoid"):
    h = X
    for W, b in layers[:-1]:
        h = 1 / (1 + np.exp(-linear(h, W, b)))
    return linear(h, *layers[-1])
