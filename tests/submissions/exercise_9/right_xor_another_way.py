# expect: passed
import numpy as np

class Perceptron:
    def __init__(self, rate=0.01, niter=10):
        self.rate = rate
        self.niter = niter

    def fit(self, X, y):
        X = np.array(X, dtype=np.float64)
        y = np.array(y, dtype=np.float64)
        n, p = X.shape
        self.weight = np.zeros(p + 1, dtype=np.float64)
        self.errors = []
        epoch = 0
        while epoch < self.niter:
            wrong = [self._learn(X[i], y[i]) for i in range(n)]
            self.errors.append(sum(wrong))
            epoch += 1
        return self

    def _learn(self, x, t):
        d = self.rate * (t - self.predict(x))
        self.weight[0] += d
        self.weight[1:] += x * d
        return d != 0

    def net_input(self, X):
        return np.dot(X, self.weight[1:]) + self.weight[0]

    def predict(self, X):
        return np.where(self.net_input(X) >= 0.0, 1, -1)

def AND(x1, x2):
    return float(x1 + x2 - 1.5 > 0)

def OR(x1, x2):
    return float(x1 + x2 - 0.5 > 0)

def NAND(x1, x2):
    return float(-x1 - x2 + 1.5 > 0)

def XOR(x1, x2):
    # four NANDs
    m = NAND(x1, x2)
    return NAND(NAND(x1, m), NAND(m, x2))
