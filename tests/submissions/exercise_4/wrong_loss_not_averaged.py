# expect: loss-not-averaged
# score: 8
import numpy as np


ACT = {
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.where(z > 0, z, 0),
}
# slope from the activated value
SLOPE = {
    "sigmoid": lambda a: a * (1 - a),
    "tanh": lambda a: 1 - a * a,
    "relu": lambda a: np.where(a > 0, 1, 0),
}


def mse_loss(prediction, target):
    m = prediction.shape[0]
    error = prediction - target
    return 0.5 * (error ** 2).sum()


def forward_trace(X, layers, activation):
    trace = []
    a = X
    for n, (W, b) in enumerate(layers, 1):
        z = a.dot(W) + b
        a = z if n == len(layers) else ACT[activation](z)
        trace.append((z, a))
    return trace


def backward(X, Y, layers, activation="sigmoid"):
    trace = forward_trace(X, layers, activation)
    delta = (trace[-1][1] - Y) / X.shape[0]
    grads = []
    for n in reversed(range(len(layers))):
        below = trace[n - 1][1] if n else X
        grads.append((below.T.dot(delta), delta.sum(axis=0)))
        if n:
            W, b = layers[n]
            delta = delta.dot(W.T) * SLOPE[activation](below)
    return grads[::-1]
