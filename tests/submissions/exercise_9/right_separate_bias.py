# expect: passed
import numpy as np

class Perceptron:
    def __init__(self, rate=0.01, niter=10):
        self.eta = rate
        self.epochs = niter

    def fit(self, X, y):
        self.w = np.zeros(X.shape[1])
        self.b = 0.0
        self.errors = []
        for _ in range(self.epochs):
            missed = 0
            for i in range(X.shape[0]):
                diff = y[i] - self.predict(X[i])
                if diff:
                    missed += 1
                self.w = self.w + self.eta * diff * X[i]
                self.b = self.b + self.eta * diff
            self.errors.append(missed)
        return self

    @property
    def weight(self):
        return np.concatenate(([self.b], self.w))

    def net_input(self, X):
        return np.matmul(X, self.w) + self.b

    def predict(self, X):
        z = self.net_input(X)
        if np.ndim(z) == 0:
            return 1 if z >= 0 else -1
        out = np.ones(len(z))
        out[z < 0] = -1
        return out

def AND(x1, x2):
    s = x1 * 0.5 + x2 * 0.5 - 0.7
    if s <= 0:
        return 0
    else:
        return 1

def OR(x1, x2):
    s = x1 * 0.5 + x2 * 0.5 - 0.2
    if s <= 0:
        return 0
    else:
        return 1

def NAND(x1, x2):
    s = x1 * -0.5 + x2 * -0.5 + 0.7
    if s <= 0:
        return 0
    else:
        return 1

def XOR(x1, x2):
    s1 = NAND(x1, x2)
    s2 = OR(x1, x2)
    return AND(s1, s2)
