import numpy as np

from exercise_3 import forward_trace


def mse_loss(prediction, target):
    return float(np.sum((prediction - target) ** 2) / (2 * len(prediction)))


def backward(X, Y, layers, activation="sigmoid"):
    trace = forward_trace(X, layers, activation)
    grads = [None] * len(layers)
    delta = trace[-1][1] - Y
    for i in reversed(range(len(layers))):
        a = trace[i - 1][1] if i > 0 else X
        grads[i] = (a.T @ delta, delta.sum(axis=0))
        if i > 0:
            delta = delta @ layers[i][0].T
            if activation == "sigmoid":
                delta = delta * a * (1 - a)
            elif activation == "tanh":
                delta = delta * (1 - a ** 2)
            else:
                delta = delta * (trace[i - 1][0] > 0)
    return grads
