# expect: passed
import numpy as np
from exercise_1 import sigmoid


def relu(z):
    return np.maximum(z, 0)


def linear(X, W, b):
    return X @ W + b


def forward_trace(X, layers, activation="sigmoid"):
    f = sigmoid if activation == "sigmoid" else np.tanh if activation == "tanh" else relu
    trace, h = [], X
    for W, b in layers:
        z = linear(h, W, b)
        h = f(z)
        trace.append((z, h))
    trace[-1] = (z, z)      # output layer is linear
    return trace


def forward(X, layers, activation="sigmoid"):
    return forward_trace(X, layers, activation)[-1][1]
