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
                delta_w = self.rate * (target - self.predict(xi))
                self.weight[1:] += delta_w * xi
                self.weight[0] += delta_w
                err += int(delta_w != 0.0)
            self.errors.append(err)
        return self

    def net_input(self, X):
        return np.dot(X, self.weight[1:]) + self.weight[0]

    def predict(self, X):
        return np.where(self.net_input(X) >= 0.0, 1, -1)


def trained(targets):
    X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    return Perceptron(rate=0.5, niter=20).fit(X, np.array(targets))

_and = trained([-1, -1, -1, 1])
_or = trained([-1, 1, 1, 1])
_nand = trained([1, 1, 1, -1])

def AND(x1, x2):
    return (_and.predict(np.array([x1, x2])) + 1) // 2

def OR(x1, x2):
    return (_or.predict(np.array([x1, x2])) + 1) // 2

def NAND(x1, x2):
    return (_nand.predict(np.array([x1, x2])) + 1) // 2

def XOR(x1, x2):
    return AND(OR(x1, x2), NAND(x1, x2))
