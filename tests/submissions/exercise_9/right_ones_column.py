# expect: passed
import numpy as np

class Perceptron:
    """Bias as the weight of an input that is always 1."""

    def __init__(self, rate=0.01, niter=10):
        self.rate = rate
        self.niter = niter

    def _augment(self, X):
        X = np.asarray(X, dtype=float)
        return np.insert(X, 0, 1.0, axis=-1)

    def fit(self, X, y):
        A = self._augment(X)
        w = np.zeros(A.shape[1])
        errors = np.zeros(self.niter, dtype=int)
        for e in range(self.niter):
            for a, t in zip(A, y):
                p = 1 if a @ w >= 0 else -1
                if p != t:
                    w = w + self.rate * (t - p) * a
                    errors[e] += 1
        self.weight, self.errors = w, errors
        return self

    def net_input(self, X):
        return self._augment(X) @ self.weight

    def predict(self, X):
        return 2 * (self.net_input(X) >= 0) - 1

def step(v):
    return 1 if v > 0 else 0

def AND(x1, x2):
    return step(x1 + x2 - 1.5)

def OR(x1, x2):
    return step(x1 + x2 - 0.5)

def NAND(x1, x2):
    return step(1.5 - x1 - x2)

def XOR(x1, x2):
    return AND(OR(x1, x2), NAND(x1, x2))
