# expect: outcome.not-written
# score: 2.9
import numpy as np


class Perceptron:
    def __init__(self, rate=0.01, niter=10):
        self.rate = rate
        self.niter = niter

    def fit(self, X, y):
        raise NotImplementedError

    def net_input(self, X):
        raise NotImplementedError

    def predict(self, X):
        raise NotImplementedError

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
