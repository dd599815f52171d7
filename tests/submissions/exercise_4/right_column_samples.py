# expect: passed
import numpy as np

# samples in columns as in the book, turned over at both ends

def mse_loss(prediction, target):
    diff = (prediction - target).T
    return sum(np.dot(d, d) for d in diff) / (2 * diff.shape[1])

def sig(z):
    return np.where(z >= 0, 1 / (1 + np.exp(-np.abs(z))), np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))))

def backward(X, Y, layers, activation="sigmoid"):
    f = {"sigmoid": sig, "tanh": np.tanh, "relu": lambda z: np.maximum(z, 0.0)}[activation]
    df = {
        "sigmoid": lambda z: sig(z) * sig(-z),
        "tanh": lambda z: 1 / np.cosh(z) ** 2,
        "relu": lambda z: np.greater(z, 0),
    }[activation]
    ws = [np.transpose(W) for W, _ in layers]
    bs = [np.reshape(b, (-1, 1)) for _, b in layers]
    a, zs = [X.T], []
    for w, b in zip(ws, bs):
        z = w @ a[-1] + b
        zs.append(z)
        a.append(f(z))
    n = X.shape[0]
    delta = -(Y.T - zs[-1]) / n
    nabla = []
    for l in range(1, len(ws) + 1):
        nabla.append(((delta @ a[-l - 1].T).T, delta.sum(axis=1)))
        if l < len(ws):
            delta = (ws[-l].T @ delta) * df(zs[-l - 1])
    return nabla[::-1]
