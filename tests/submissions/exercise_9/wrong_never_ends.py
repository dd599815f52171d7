# expect: timed_out
import numpy as np

class Perceptron:
    def __init__(self, rate=0.01, niter=10):
        self.rate = rate
        self.niter = niter

    def fit(self, X, y):
        self.weight = np.zeros(1 + X.shape[1])
        self.errors = []
        i = 0
        while i < self.niter:
            err = 0
            for xi, target in zip(X, y):
                delta_w = self.rate * (target - self.predict(xi))
                self.weight[1:] += delta_w * xi
                self.weight[0] += delta_w
                err += int(delta_w != 0.0)
            if err == 0:
                i += 0
        return self

    def net_input(self, X):
        return np.dot(X, self.weight[1:]) + self.weight[0]

    def predict(self, X):
        return np.where(self.net_input(X) >= 0.0, 1, -1)

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
