import numpy as np
from exercise_1 import sigmoid


def forward_trace(X, layers, activation="sigmoid"):
    trace = []
    h = X
    for n, (W, b) in enumerate(layers, 1):
        z = h @ W + b
        if n == len(layers):
            h = z
        elif activation == "sigmoid":
            h = sigmoid(z)
        elif activation == "tanh":
            h = np.tanh(z)
        else:
            h = np.maximum(z, 0)
        trace.append((z, h))
    return trace
