# expect: outcome.arguments
# score: 9.4
import numpy as np

class Perceptron:
    def __init__(self, rate, niter):
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

def neuron(x1, x2, w, b):
    x = np.array([x1, x2])
    return int(np.sum(w * x) + b > 0)

def AND(x1, x2):
    return neuron(x1, x2, np.array([1, 1]), -1.5)

def OR(x1, x2):
    return neuron(x1, x2, np.array([1, 1]), -0.5)

def NAND(x1, x2):
    return neuron(x1, x2, np.array([-1, -1]), 1.5)

def XOR(x1, x2):
    return AND(NAND(x1, x2), OR(x1, x2))
