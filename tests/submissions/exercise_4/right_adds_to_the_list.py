# expect: passed
import numpy as np

def mse_loss(prediction, target):
    return np.sum((prediction - target) ** 2) / (2 * len(prediction))

F = {"sigmoid": lambda z: 1 / (1 + np.exp(-z)), "tanh": np.tanh, "relu": lambda z: np.maximum(z, 0)}
D = {"sigmoid": lambda a: a * (1 - a), "tanh": lambda a: 1 - a**2, "relu": lambda a: (a > 0) * 1.0}

def backward(X, Y, layers, activation="sigmoid"):
    h = [X]
    for W, b in layers[:-1]:
        h.append(F[activation](h[-1] @ W + b))
    W, b = layers[-1]
    delta = (h[-1] @ W + b - Y) / len(X)
    gradients = []
    # every layer beside the one above it; above the last there is none
    for (W, b), above, a, out in reversed(list(zip(layers, layers[1:] + [None], h, h[1:] + [None]))):
        if above is not None:
            delta = delta @ above[0].T * D[activation](out)
        gradients.append((a.T @ delta, delta.sum(axis=0)))
    return gradients[::-1]
