# expect: passed
import numpy as np

# dual perceptron: remember how often each sample was wrong, weights follow from that

class Perceptron:
    def __init__(self, rate=0.01, niter=10):
        self.rate = rate
        self.niter = niter

    def fit(self, X, y):
        A = np.column_stack([np.ones(len(X)), X])
        alpha = np.zeros(len(X))
        K = A @ A.T
        self.errors = []
        for _ in range(self.niter):
            before = alpha.sum()
            for i, t in enumerate(y):
                if (1 if (alpha * y) @ K[:, i] >= 0 else -1) != t:
                    alpha[i] += 1
            self.errors.append(int(alpha.sum() - before))
        self.weight = 2 * self.rate * ((alpha * y) @ A)
        return self

    def net_input(self, X):
        return X @ self.weight[1:] + self.weight[0]

    def predict(self, X):
        return np.where(self.net_input(X) < 0, -1, 1)

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
