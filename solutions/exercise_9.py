"""Exercise 9, worked: the perceptron and logic gates."""

# ruff: noqa: N802 - gates are written in capitals

import numpy as np


class Perceptron:
    """A perceptron for labels −1 and 1."""

    def __init__(self, rate=0.01, niter=10):
        self.rate = rate
        self.niter = niter

    def fit(self, X, y):
        # Made here and not in __init__: only X tells how many features there are, and a second
        # call starts anew.
        self.weight = np.zeros(1 + X.shape[1])
        self.errors = []
        for _ in range(self.niter):
            updates = 0
            for x, target in zip(X, y, strict=True):
                # 0 where the prediction is right, else 2·rate towards the target.
                change = self.rate * (target - self.predict(x))
                self.weight[0] += change
                self.weight[1:] += change * x
                updates += int(change != 0)
            self.errors.append(updates)
        return self

    def net_input(self, X):
        # X @ w sums over the last axis, so this holds for a batch and for one sample.
        return X @ self.weight[1:] + self.weight[0]

    def predict(self, X):
        return np.where(self.net_input(X) >= 0, 1, -1)


def perceptron(x1, x2, w1, w2, bias):
    """A perceptron of two inputs whose output is 0 or 1."""
    return int(w1 * x1 + w2 * x2 + bias >= 0)


def AND(x1, x2):
    """Only 1 + 1 reaches 1.5."""
    return perceptron(x1, x2, 1, 1, -1.5)


def OR(x1, x2):
    """A single 1 reaches 0.5."""
    return perceptron(x1, x2, 1, 1, -0.5)


def NAND(x1, x2):
    """AND with all signs turned round."""
    return perceptron(x1, x2, -1, -1, 1.5)


def XOR(x1, x2):
    """At least one, and not both: the line that one perceptron lacks is in a second layer."""
    return AND(OR(x1, x2), NAND(x1, x2))
