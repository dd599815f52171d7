# expect: passed
import numpy as np

class Perceptron:
    def __init__(self, rate=0.01, niter=10):
        self.rate = rate
        self.niter = niter

    def fit(self, X, y):
        self.weight = np.zeros(1 + X.shape[1])
        self.errors = []
        for i in range(self.niter):
            err = 0
            for xi, target in zip(X, y):
                d = self.rate * (target - self.predict(xi))
                self.weight += d * np.r_[1, xi]
                err += bool(d)
            self.errors.append(err)
        return self

    def net_input(self, X):
        return np.einsum("...j,j->...", X, self.weight[1:]) + self.weight[0]

    def predict(self, X):
        z = self.net_input(X)
        return np.sign(np.sign(z) + 0.5).astype(int)

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
