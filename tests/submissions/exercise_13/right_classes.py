# expect: passed
import numpy as np


class Sigmoid:
    def __call__(self, z):
        e = np.exp(-np.abs(z))
        self.h = np.where(z >= 0, 1, e) / (1 + e)
        return self.h

    def back(self, g):
        return g * self.h * (1 - self.h)


class Tanh:
    def __call__(self, z):
        self.h = np.tanh(z)
        return self.h

    def back(self, g):
        return g - g * self.h ** 2


class Relu:
    def __call__(self, z):
        self.on = z > 0
        return np.where(self.on, z, 0.0)

    def back(self, g):
        return np.where(self.on, g, 0.0)


class Linear:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def __call__(self, x):
        self.x = x
        return x @ self.W + self.b

    def back(self, g):
        self.dW = self.x.T @ g
        return g @ self.W.T


KIND = {"sigmoid": Sigmoid, "tanh": Tanh, "relu": Relu}


class Network:
    def __init__(self, layers, activation):
        self.parts = []
        for W, b in layers:
            self.parts += [Linear(W, b), KIND[activation]()]
        self.parts.pop()

    def __call__(self, X):
        self.seen = []
        for part in self.parts:
            X = part(X)
            if not isinstance(part, Linear):
                self.seen.append(X)
        return X

    def back(self, g):
        for part in self.parts[::-1]:
            g = part.back(g)


def gradient_norms(X, layers, activation):
    net = Network(layers, activation)
    net.back(np.ones(net(X).shape))
    return np.array([np.sqrt((p.dW * p.dW).sum()) for p in net.parts if isinstance(p, Linear)])


def activation_means(X, layers, activation):
    net = Network(layers, activation)
    net(X)
    return np.array([h.mean() for h in net.seen])


def dead_fraction(X, layers):
    net = Network(layers, "relu")
    net(X)
    return np.array([(h.sum(axis=0) == 0).mean() for h in net.seen])
