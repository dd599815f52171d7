# expect: passed
import numpy as np


class Dense:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, grad):
        self.dW = self.x.T @ grad
        self.db = grad.sum(axis=0)
        return grad @ self.W.T


class Sigmoid:
    def forward(self, x):
        self.out = 1.0 / (1.0 + np.exp(-x))
        return self.out

    def backward(self, grad):
        return grad * self.out * (1 - self.out)


class Tanh:
    def forward(self, x):
        self.out = np.tanh(x)
        return self.out

    def backward(self, grad):
        return grad * (1 - self.out ** 2)


class Relu:
    def forward(self, x):
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, grad):
        grad = grad.copy()
        grad[self.mask] = 0
        return grad


def mse_loss(prediction, target):
    d = prediction - target
    return float((d * d).sum() / (2 * d.shape[0]))


def backward(X, Y, layers, activation="sigmoid"):
    kinds = {"sigmoid": Sigmoid, "tanh": Tanh, "relu": Relu}
    net = []
    for W, b in layers:
        net += [Dense(W, b), kinds[activation]()]
    net.pop()  # linear output
    out = X
    for part in net:
        out = part.forward(out)
    grad = (out - Y) / X.shape[0]
    for part in reversed(net):
        grad = part.backward(grad)
    return [(part.dW, part.db) for part in net if isinstance(part, Dense)]
